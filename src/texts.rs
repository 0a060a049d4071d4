//! Texts in both languages. A text whose second language is missing does not compile.

/// `texts! { name: "中文", "English"; … }` makes a function a text: `name(lang) -> &'static str`.
#[macro_export]
macro_rules! texts {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        $(
            #[doc = $en]
            pub fn $name(lang: ::records::Lang) -> &'static str {
                match lang {
                    ::records::Lang::Zh => $zh,
                    ::records::Lang::En => $en,
                }
            }
        )*
    };
}

pub use crate::texts;
