//! The three runners, logging, configuration and AWS clients; also the feature floor of the workspace.
