//! The one test binary; see `docs/TESTING.md` for what goes where.
