//! Who signs in: an account for every post of the pack, with a made-up person behind it and a tablet of its own.

use sync::DeviceId;

use super::{
    dice::Dice,
    names::{self, Sex},
};

/// An account of the demonstration. Its password is no secret: it is printed, and the same for everyone with the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Sign-in name.
    pub name: &'static str,
    /// The person.
    pub person: String,
    /// Post in the pack.
    pub post: &'static str,
    /// Password: two words of the quarter and a number, easy to type on glass.
    pub password: String,
    /// The tablet that made its records of 2009.
    pub device: DeviceId,
    /// What the tablet is called.
    pub device_name: String,
}

/// Sign-in name, post, name of the tablet, sex and year of birth of the person.
const POSTS: &[(&str, &str, &str, Sex, i16)] = &[
    (DIRECTOR, "director", "主任的平板", Sex::Female, 1963),
    (COMMITTEE[0], "committee", "委员平板一", Sex::Female, 1973),
    (COMMITTEE[1], "committee", "委员平板二", Sex::Female, 1981),
    (CIVIL_AFFAIRS, "civil_affairs", "民政平板", Sex::Female, 1971),
    (RETIREES, "retirees", "退管平板", Sex::Female, 1966),
    (SOCIAL_SECURITY, "social_security", "保障平板", Sex::Male, 1979),
    (FAMILY_PLANNING, "family_planning", "计生平板", Sex::Female, 1976),
    (MEDIATOR, "mediator", "调解平板", Sex::Male, 1957),
    (POLICE, "police", "警务平板", Sex::Male, 1970),
    (VOLUNTEERS[0], "volunteer", "巡逻手机一", Sex::Male, 1947),
    (VOLUNTEERS[1], "volunteer", "巡逻手机二", Sex::Male, 1944),
    (VOLUNTEERS[2], "volunteer", "巡逻手机三", Sex::Female, 1950),
    (VOLUNTEERS[3], "volunteer", "巡逻手机四", Sex::Male, 1952),
    (MIGRANTS, "migrants", "外管平板", Sex::Female, 1984),
    (CORRECTIONS, "corrections", "矫正平板", Sex::Male, 1968),
    (PARTY, "party", "党务平板", Sex::Female, 1963),
    (HEALTH, "health", "卫生站平板", Sex::Female, 1974),
    (LEADERS[0], "team_leader", "团队手机一", Sex::Male, 1946),
    (LEADERS[1], "team_leader", "团队手机二", Sex::Female, 1949),
    (LEADERS[2], "team_leader", "团队手机三", Sex::Female, 1953),
    (LEADERS[3], "team_leader", "团队手机四", Sex::Male, 1951),
];

/// 社区主任
pub const DIRECTOR: &str = "zhuren";
/// 民政员
pub const CIVIL_AFFAIRS: &str = "minzheng";
/// 退管员
pub const RETIREES: &str = "tuiguan";
/// 保障员
pub const SOCIAL_SECURITY: &str = "baozhang";
/// 计生员
pub const FAMILY_PLANNING: &str = "jisheng";
/// 调解员
pub const MEDIATOR: &str = "tiaojie";
/// 社区民警
pub const POLICE: &str = "minjing";
/// 居委会委员
pub const COMMITTEE: [&str; 2] = ["weiyuan1", "weiyuan2"];
/// 外来人口协管员
pub const MIGRANTS: &str = "waiguan";
/// 矫正帮教专干
pub const CORRECTIONS: &str = "jiaozheng";
/// 党支部书记
pub const PARTY: &str = "dangzhi";
/// 卫生站医生
pub const HEALTH: &str = "weisheng";
/// 团队负责人
pub const LEADERS: [&str; 4] = ["duizhang1", "duizhang2", "duizhang3", "duizhang4"];
/// 巡逻志愿者
pub const VOLUNTEERS: [&str; 4] = ["xunluo1", "xunluo2", "xunluo3", "xunluo4"];

const WORDS: &[&str] = &[
    "guihua",
    "yulan",
    "shiqiao",
    "xiaohe",
    "qingtuan",
    "meihua",
    "fenghuang",
    "baiyun",
    "chunfeng",
    "dongsheng",
    "nanyuan",
    "lvcha",
    "kunqu",
    "pingtan",
    "taihu",
    "yangmei",
    "biluochun",
    "huqiu",
    "pipa",
    "xinghua",
];

/// All accounts of a seed.
pub fn all(dice: &Dice) -> Vec<Account> {
    let mut dice = dice.of("accounts");
    let account = |&(name, post, device_name, sex, year): &(&'static str, &'static str, &str, Sex, i16)| {
        let person = format!("{}{}", names::surname(&mut dice, true), names::given(&mut dice, sex, year));
        let (first, second) = (dice.pick(WORDS), dice.pick(WORDS));
        let password = format!("{first}-{second}-{}", dice.between(10..=99));
        let device = DeviceId(dice.bits());
        Account { name, person, post, password, device, device_name: device_name.to_owned() }
    };
    POSTS.iter().map(account).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use records::Pack;

    use super::all;
    use crate::{demo::dice::Dice, office::accounts::shortest_password};

    #[test]
    fn every_post_of_the_pack_has_someone_to_sign_in_as() {
        let (pack, accounts) = (Pack::community(), all(&Dice::new(2009)));
        for post in &pack.posts {
            assert!(accounts.iter().any(|a| a.post == post.name), "nobody is {}", post.name);
        }
        let devices: HashSet<_> = accounts.iter().map(|a| a.device).collect();
        assert_eq!(devices.len(), accounts.len());
        assert!(accounts.iter().all(|a| a.password.len() >= shortest_password(pack.sees(a.post))));
        assert_eq!(accounts, all(&Dice::new(2009)));
        assert_ne!(accounts, all(&Dice::new(2010)));
    }
}
