//! Schemas of the types that write themselves, for the server's OpenAPI document.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

use crate::{Clock, DeviceId};

macro_rules! hex_schema {
    ($name:ident, $digits:literal, $what:literal) => {
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let pattern = concat!("^[0-9a-f]{", $digits, "}$");
                ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).description(Some($what)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    };
}

hex_schema!(DeviceId, "16", "A device's random identity.");
hex_schema!(Clock, "32", "A moment of a hybrid logical clock: 48 bits of milliseconds, 16 of counter, 64 of device.");
