//! How values are written in JSON, XML and XML Schema.

pub(crate) mod chars;
pub(crate) mod name;
pub(crate) mod ns;
pub(crate) mod number;
pub(crate) mod time;
