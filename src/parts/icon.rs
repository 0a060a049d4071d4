//! One outline set, 24 units square, always beside a word: decoration to a screen reader.

use leptos::prelude::*;

/// The icon called `name`; a dot for a name the set does not have, such as one of a newer pack.
#[component]
pub fn Icon(
    /// Its name in the set.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let d = path(&name);
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=d fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}

fn path(name: &str) -> &'static str {
    match name {
        "home" => "M4 11 12 4l8 7M6 10v10h12V10M10 20v-6h4v6",
        "building" => "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
        "door" => "M6 21V3h12v18M4 21h16M14 12h.5",
        "person" => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 21c.5-4.5 3.5-6.5 7.5-6.5s7 2 7.500 6.500",
        "visit" => "M4 20V9l6-5 6 5v4M8 20v-5h4v5M14 18l2.500 2.500L21 15",
        "money" => "M4 6h16v12H4zM12 9.500v5M9.500 9.500l2.500 2.500 2.500-2.500M9.500 13h5",
        "patrol" => "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4",
        "list" => "M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5",
        "chart" => "M4 20V4M4 20h16M8 17v-5M13 17V8M18 17v-7",
        "sync" => {
            "M4 12a8 8 0 0 1 13.500-5.800L20 8.500M20 4v4.500h-4.500M20 12a8 8 0 0 1-13.500 5.800L4 15.500M4 20v-4.500h4.500"
        }
        "search" => "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13M15.500 15.500 20 20",
        "plus" => "M12 5v14M5 12h14",
        "back" => "M15 5l-7 7 7 7",
        "forward" => "M9 5l7 7-7 7",
        "grid" => "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
        "team" => {
            "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3 19c.500-3.500 2.800-5 6-5s5.500 1.500 6 5M16.500 11a2.500 2.500 0 1 0 0-5M17 14c2.400.300 3.700 1.800 4 4.500"
        }
        "activity" => "M5 20c0-4 2-6 7-6s7 2 7 6M12 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M3 8l2 2M21 8l-2 2",
        "works" => "M14 6l4 4M4 20l8.500-8.500M13 5a4.500 4.500 0 0 1 6 6l-3-1-2-2zM5 15l4 4",
        "mediation" => "M12 4v16M6 20h12M4 8h16M4 8l-2 5h5zM20 8l-2.500 5H22z",
        "alert" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7.500v5.500M12 16v.1",
        "permit" => "M4 5h16v14H4zM8 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4M13 10h4M13 14h4",
        "shield" => "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z",
        "referral" => "M4 12h13M13 7l5 5-5 5M20 5v14",
        "gift" => "M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7c-1-3-5-4-5-1.500S10 7 12 7c2 0 5 1 5-1.500S13 4 12 7",
        "directory" => "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
        "task" => "M5 4h14v16H5zM9 3h6v3H9zM8.500 13l2.500 2.500 4.500-5",
        "check" => "M5 12.500l4.500 4.500L19 7.500",
        "clock" => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.500 2",
        "warn" => "M12 4 2.500 20h19zM12 10v4.500M12 17.200v.1",
        "pen" => "M4 20l1-4L16.500 4.500l3 3L8 19zM14 7l3 3",
        "close" => "M6 6l12 12M18 6 6 18",
        "help" => {
            "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9.500 9.500a2.500 2.500 0 1 1 3.600 2.200c-.8.400-1.100.9-1.100 1.800M12 16.500v.1"
        }
        "more" => "M5 12h.1M12 12h.1M19 12h.1",
        "camera" => "M4 8h4l1.500-2.500h5L16 8h4v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7",
        "pin" => {
            "M12 21c4-4.500 6.500-7.500 6.500-11a6.500 6.500 0 1 0-13 0c0 3.500 2.500 6.500 6.500 11M12 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5"
        }
        "eye" => {
            "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6"
        }
        _ => "M12 12h.1",
    }
}
