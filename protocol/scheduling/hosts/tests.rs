//! The indexed choice against a scan of all hosts, and the books.
