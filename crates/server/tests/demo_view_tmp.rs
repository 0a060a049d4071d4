//! scratch
use linli_server::demo::{self, Options};
use records::Pack;
#[test]
fn view() {
    let plan = demo::plan(&Pack::community(), Options::default()).unwrap();
    for a in &plan.accounts { println!("{} {} {} {}", a.name, a.person, a.post, a.password); }
    println!("{:?} batches {}", plan.records, plan.batches.len());
    let mut n = std::collections::BTreeMap::<String, usize>::new();
    for b in &plan.batches { for c in &b.changes {
        let k = n.entry(c.kind.clone()).or_default(); *k += 1;
        if *k % (match c.kind.as_str() {"person"=>420,"service"=>330,"aid"=>45,"patrol"=>40,"household"=>400,_=>12}) == 1 || c.set.contains_key("_void") && *k % 3 == 0 {
            println!("{}", serde_json::to_string(c).unwrap());
        } } }
    println!("{n:?}");
}
