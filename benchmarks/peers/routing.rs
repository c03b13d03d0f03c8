//! The aho-corasick crate on the phrases and messages in the file that the command
//! line names, folded and split beforehand: which phrases does each message hold?

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use cpu_time::ProcessTime;

fn main() {
    let file = std::env::args().nth(1).expect("which file?");
    let asked = std::fs::read_to_string(file).expect("phrases and messages");
    let (phrases, messages) = asked.split_once("\n\n").expect("an empty line between them");
    let phrases: Vec<&str> = phrases.lines().collect();
    let messages: Vec<(&str, &str)> =
        messages.lines().map(|line| line.split_once('\t').expect("a tab")).collect();
    for (name, kind) in [
        ("aho-corasick (Rust), DFA", AhoCorasickKind::DFA),
        ("aho-corasick (Rust), NFA", AhoCorasickKind::ContiguousNFA),
    ] {
        let finder = AhoCorasick::builder().kind(Some(kind)).build(&phrases).expect("phrases");
        let mut found = Vec::new();
        let find = |text: &str, found: &mut Vec<u32>| {
            found.clear();
            found.extend(finder.find_overlapping_iter(text).map(|at| at.pattern().as_u32()));
        };
        let mut differs = 0;
        for (expected, text) in &messages {
            find(text, &mut found);
            found.sort();
            found.dedup();
            let numbers: Vec<String> = found.iter().map(u32::to_string).collect();
            differs += usize::from(numbers.join(" ") != *expected);
        }
        let begin = ProcessTime::now();
        let mut asks = 0;
        while begin.elapsed().as_secs() < 1 {
            for (_, text) in &messages {
                find(text, &mut found);
                std::hint::black_box(&found);
            }
            asks += messages.len();
        }
        let each = begin.elapsed().as_nanos() as f64 / asks as f64;
        println!("{name:44} {each:12.1}  {differs}");
    }
}
