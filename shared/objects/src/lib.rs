//! S3: object keys by owner, presigned links, reads and writes of media.
