//! Media: frames, captions, audio, probes and quality checks; no AWS, no network.
