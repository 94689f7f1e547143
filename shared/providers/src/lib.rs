//! One folder per vendor behind one trait per capability; `local` is a vendor too.
