//! Use cases of a job: quote, start, advance, finish, cancel, resume.
