//! S3: object keys by owner, presigned links, reads and writes of media.
//!
//! [`keys`] is the only place that builds a key; [`S3Objects`] the only one that speaks to the bucket.

pub mod keys;
mod s3;

pub use s3::S3Objects;
