//! Only tests live here, in `it/`.
