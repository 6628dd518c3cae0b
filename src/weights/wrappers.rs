//! Which generators a checkpoint holds, in whatever dictionaries, lists, objects and wrappers of networks they lie.
//!
//! A name is a path: `netG_A.module.model.1.weight`. Parts of it that wrappers add are left out; what remains before the network's own names
//! is its label, which may tell the direction and whether the weights are averaged.

use std::collections::{BTreeMap, BTreeSet};

use super::parts::{COUNTED, Parts};
use super::{Checkpoint, Stored, fold, foreign};
use crate::error::{Error, Misfit, Result};

/// What PyTorch's DataParallel, `compile`, FSDP and their like put before names or between them.
const WRAPPERS: [&str; 5] =
    ["module", "_orig_mod", "_fsdp_wrapped_module", "_forward_module", "_checkpoint_wrapped_module"];

/// Names that lie beside a generator and are no part of it, and beginnings of such names: judges, losses, optimisers.
const JUDGES: [&str; 9] = ["d", "d_a", "d_b", "d_x", "d_y", "da", "db", "dx", "dy"];
const BESIDE: [&str; 9] = ["netd", "net_d", "disc", "dis_", "critic", "loss", "criterion", "vgg", "optim"];

/// A generator's tensors.
#[derive(Debug, Clone)]
pub struct Group<'f> {
    /// What leads to it in the file; nothing where the file is the generator.
    pub label: String,
    /// Whether these are the averages that trainings keep beside their weights.
    pub averaged: bool,
    pub way: Option<Way>,
    /// The first of statistics that norms gathered on purpose.
    pub statistics: Option<&'f str>,
    /// By the names that the network has for them: name in the file, and where the numbers are.
    pub tensors: BTreeMap<String, (&'f str, &'f Stored<'f>)>,
}

/// The direction that a label tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// As in `netG_A`, `G_AB`, `x2y`.
    There,
    Back,
    /// Names of domains, as in `horse2zebra`.
    Named(String, String),
}

/// What a file has to offer.
#[derive(Debug)]
pub enum Offer<'f> {
    One(Group<'f>),
    /// There and back.
    Pair(Box<[Group<'f>; 2]>),
    /// Only somebody who knows the file can tell which is which.
    Several(Vec<Group<'f>>),
}

impl<'f> Offer<'f> {
    pub fn groups(&self) -> &[Group<'f>] {
        match self {
            Offer::One(group) => std::slice::from_ref(group),
            Offer::Pair(pair) => pair.as_slice(),
            Offer::Several(groups) => groups,
        }
    }
}

/// More generators than this are nobody's choice, and comparing each with each takes its time.
const MOST_GENERATORS: usize = 64;
/// Levels above two ends that a network is looked for in.
const MOST_LEVELS: usize = 24;

type Names<'f> = BTreeMap<String, (&'f str, &'f Stored<'f>)>;

/// The generators of a file, with averages preferred to what they are the averages of.
pub fn offer<'f>(checkpoint: &'f Checkpoint<'f>) -> Result<Option<Offer<'f>>> {
    let mut groups = groups(checkpoint)?;
    let same = |one: &Option<Way>, other: &Option<Way>| one == other;
    let averages: Vec<Option<Way>> = groups.iter().filter(|group| group.averaged).map(|g| g.way.clone()).collect();
    let before = groups.len();
    groups.retain(|group| group.averaged || !averages.iter().any(|way| same(way, &group.way)));
    // Averages without anything beside them are simply the weights.
    let chosen = groups.len() < before;
    groups.iter_mut().for_each(|group| group.averaged &= chosen);
    Ok(match <[Group; 2]>::try_from(groups) {
        Ok([one, other]) => Some(match (&one.way, &other.way) {
            (Some(Way::There), Some(Way::Back)) => Offer::Pair(Box::new([one, other])),
            (Some(Way::Back), Some(Way::There)) => Offer::Pair(Box::new([other, one])),
            (Some(Way::Named(from, to)), Some(Way::Named(back_from, back_to)))
                if from == back_to && to == back_from =>
            {
                // From the photo to the painting is there; any other two names keep the file's order.
                Offer::Pair(Box::new(if to == "photo" { [other, one] } else { [one, other] }))
            }
            _ => Offer::Several(vec![one, other]),
        }),
        Err(mut groups) => match groups.len() {
            0 => None,
            1 => groups.pop().map(Offer::One),
            _ => Some(Offer::Several(groups)),
        },
    })
}

/// Names without the parts that wrappers add; a name that two tensors then share has no certain place.
pub fn names<'f>(checkpoint: &'f Checkpoint<'f>) -> Result<Names<'f>> {
    let mut names = Names::new();
    for (name, stored) in &checkpoint.tensors {
        let parts: Vec<&str> = name.split('.').filter(|part| !WRAPPERS.contains(part)).collect();
        if names.insert(parts.join("."), (name.as_str(), stored)).is_some() {
            return Err(Error::misfit(name, Misfit::Surplus));
        }
    }
    Ok(names)
}

fn groups<'f>(checkpoint: &'f Checkpoint<'f>) -> Result<Vec<Group<'f>>> {
    let names = names(checkpoint)?;
    let mut bases: BTreeSet<String> = names.keys().filter_map(|name| published_base(name)).collect();
    few(bases.iter().map(String::as_str), MOST_GENERATORS)?;
    let ends: Vec<&str> = names
        .iter()
        .filter(|(name, (_, stored))| is_end(name, &stored.shape) && !bases.iter().any(|base| under(base, name)))
        .map(|(name, _)| name.as_str())
        .collect();
    few(ends.iter().copied(), 2 * MOST_GENERATORS)?;
    let mut found = Vec::new();
    split(&ends, &mut found);
    bases.extend(found.iter().cloned());
    let of = |base: &String| match found.contains(base) {
        true => wide_enough(checkpoint, &names, base, &bases),
        false => group(&names, base, &bases),
    };
    let mut groups: Vec<Group> = bases.iter().map(of).collect();
    // In the order of the file, where it has one.
    groups.sort_by_key(|group| group.tensors.values().filter_map(|(_, stored)| stored.rank).min());
    // The same numbers under two names are one network.
    let mut places = BTreeSet::new();
    let place = |group: &Group| {
        let filled = group.tensors.values().filter(|(_, stored)| !stored.bytes.is_empty());
        filled.map(|(_, stored)| stored.bytes.as_ptr()).min()
    };
    groups.retain(|group| place(group).is_none_or(|place| places.insert(place)));
    Ok(groups)
}

/// Whether there are not more names than anybody can choose from.
fn few<'n>(names: impl ExactSizeIterator<Item = &'n str>, most: usize) -> Result<()> {
    if names.len() <= most {
        return Ok(());
    }
    let names: Vec<String> = names.take(most).map(String::from).collect();
    Err(Error::misfit(&names[0].clone(), Misfit::Several { names }))
}

/// What stands before `model.10.conv_block.1.weight`, by which a generator with published names is known.
fn published_base(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    let number = |part: &str| part.parse::<u32>().is_ok();
    let block = parts.windows(3).position(|at| at[0] == "model" && number(at[1]) && at[2] == "conv_block")?;
    Some(parts[..block].join("."))
}

/// Whether a tensor is the first or last convolution of some generator of pictures: 7 x 7, from or to one or three colours.
fn is_end(name: &str, shape: &[usize]) -> bool {
    // An optimiser keeps numbers of its own in the weights' shapes.
    let kept =
        ["exp_avg", "exp_avg_sq", "max_exp_avg_sq", "exp_inf", "square_avg", "momentum_buffer", "acc_delta", "sum"];
    let optimiser = name.split('.').any(|part| part.starts_with("optim") || kept.contains(&part));
    !optimiser && matches!(shape, [1 | 3, _, 7, 7] | [_, 1 | 3, 7, 7])
}

/// The deepest common paths of two ends each.
fn split(ends: &[&str], bases: &mut Vec<String>) {
    let Some(first) = ends.first() else { return };
    let parts: Vec<&str> = first.split('.').collect();
    let shared =
        (0..parts.len()).take_while(|at| ends.iter().all(|end| end.split('.').nth(*at) == Some(parts[*at]))).count();
    if ends.len() == 2 {
        bases.push(parts[..shared].join("."));
    } else if ends.len() > 2 {
        let mut branches: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for end in ends {
            branches.entry(end.split('.').nth(shared).unwrap_or_default()).or_default().push(end);
        }
        for branch in branches.values().filter(|branch| branch.len() < ends.len()) {
            split(branch, bases);
        }
    }
}

/// A network's ends may lie together, deeper than the layers between them: the deepest path with a whole generator below it.
fn wide_enough<'f>(
    checkpoint: &'f Checkpoint<'f>,
    names: &Names<'f>,
    base: &str,
    bases: &BTreeSet<String>,
) -> Group<'f> {
    let alone = |path: &&str| !bases.iter().any(|other| other != base && under(path, other));
    let paths = std::iter::successors(Some(base), |path| {
        (!path.is_empty()).then(|| path.rsplit_once('.').map_or("", |(parent, _)| parent))
    });
    // Wider paths hold no other's base, so there is nothing to leave out.
    let groups: Vec<Group> =
        paths.take(MOST_LEVELS).take_while(alone).map(|path| group(names, path, &BTreeSet::new())).collect();
    let found = |group: &Group<'f>| Parts::of(checkpoint, group).and_then(|parts| foreign::matched(&parts).map(drop));
    let found: Vec<Result<()>> = groups.iter().map(found).collect();
    let unsure = |found: &Result<()>| {
        matches!(found, Err(Error::WeightsMismatch { problem: Misfit::Ambiguous { .. } | Misfit::Norm, .. }))
    };
    let at = found.iter().position(Result::is_ok).or(found.iter().position(unsure)).unwrap_or(0);
    groups.into_iter().nth(at).unwrap_or_else(|| group(names, base, bases))
}

fn under(base: &str, name: &str) -> bool {
    base.is_empty() || name.strip_prefix(base).is_some_and(|rest| rest.starts_with('.'))
}

/// All that lies under a base, but for other generators, and for judges and losses beside it.
fn group<'f>(names: &Names<'f>, base: &str, bases: &BTreeSet<String>) -> Group<'f> {
    let deeper =
        |name: &str| bases.iter().any(|other| other.len() > base.len() && under(base, other) && under(other, name));
    let mut tensors = Names::new();
    let (mut counted, mut statistics) = (false, None);
    for (name, found) in names.iter().filter(|(name, _)| under(base, name) && !deeper(name)) {
        let rest = name.strip_prefix(base).unwrap_or(name).trim_start_matches('.');
        counted |= rest == "n_averaged";
        if !is_beside(rest) && rest.ends_with(COUNTED) {
            statistics = statistics.or(Some(found.0));
        }
        if !is_beside(rest) && (!found.1.is_counter() || fold::is_length(rest)) {
            tensors.insert(rest.to_string(), *found);
        }
    }
    Group { averaged: counted || is_average(base), way: way(base), statistics, label: base.to_string(), tensors }
}

fn is_beside(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let beside = JUDGES.contains(&first.as_str()) || BESIDE.iter().any(|beside| first.starts_with(beside));
    beside && name.contains('.')
}

/// The words of a label, in small letters.
fn words(label: &str) -> impl Iterator<Item = String> {
    label.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase)
}

fn is_average(label: &str) -> bool {
    let signs = ["ema", "avg", "swa", "average", "averaged", "shadow", "smoothed"];
    words(label).any(|word| signs.contains(&word.as_str()) || word.strip_prefix("ema").is_some_and(|_| word.len() < 9))
}

/// The direction by the last words of a label that tell one.
pub fn way(label: &str) -> Option<Way> {
    let words: Vec<String> = words(label).collect();
    let told = |at: usize| {
        let word = words[at].as_str();
        let before = at.checked_sub(1).map(|before| words[before].as_str());
        // `G_A` and `netG_A` are the authors' own; what another `gen_A` makes, or is made from, its writer knows.
        let author = matches!(before, Some("g" | "netg"));
        let alone = ["generator", "netg", "gen", "g"].iter().find_map(|start| word.strip_prefix(start)).unwrap_or(word);
        match alone {
            "a" if author || word.len() > 1 && word.ends_with("ga") => Some(Way::There),
            "b" if author || word.len() > 1 && word.ends_with("gb") => Some(Way::Back),
            "ab" | "a2b" | "atob" | "xy" | "x2y" | "xtoy" | "12" | "st" | "s2t" => Some(Way::There),
            "ba" | "b2a" | "btoa" | "yx" | "y2x" | "ytox" | "21" | "ts" | "t2s" => Some(Way::Back),
            _ => named(alone),
        }
    };
    let to =
        |at: usize| match (words.get(at.checked_sub(1)?)?.as_str(), words[at].as_str(), words.get(at + 1)?.as_str()) {
            ("a" | "x", "to", "b" | "y") => Some(Way::There),
            ("b" | "y", "to", "a" | "x") => Some(Way::Back),
            (from, "to" | "2", into) => Some(Way::Named(from.into(), into.into())),
            _ => None,
        };
    (0..words.len()).rev().find_map(|at| told(at).or_else(|| to(at)))
}

/// `horse2zebra`
fn named(word: &str) -> Option<Way> {
    let (from, to) = word.split_once('2')?;
    let domain = |part: &str| part.len() > 2 && part.chars().all(|letter| letter.is_ascii_alphabetic());
    (domain(from) && domain(to)).then(|| Way::Named(from.into(), to.into()))
}

#[cfg(all(test, not(target_family = "wasm")))]
mod tests {
    use super::*;

    #[test]
    fn labels_tell_directions() {
        for label in
            ["G_A2B", "netG_A", "state_dict.generator_AB", "gen_AB", "G_XtoY", "nets.g_x_to_y", "genA2B", "netGA"]
        {
            assert_eq!(way(label), Some(Way::There), "{label}");
        }
        for label in ["G_B2A", "netG_B", "generator_BA", "gen_BA.net", "G_YtoX", "ema.netG_B", "GB"] {
            assert_eq!(way(label), Some(Way::Back), "{label}");
        }
        for label in ["", "state_dict", "gen_A", "gen_H", "model", "G", "best.b"] {
            assert_eq!(way(label), None, "{label}");
        }
        assert_eq!(way("horse2zebra.G"), Some(Way::Named("horse".into(), "zebra".into())));
        assert_eq!(way("photo_to_monet"), Some(Way::Named("photo".into(), "monet".into())));
    }

    #[test]
    fn labels_tell_averages() {
        for label in ["params_ema", "netG_ema", "ema_model", "G.emamodel", "avg_model", "ema_state.shadow"] {
            assert!(is_average(label), "{label}");
        }
        for label in ["params", "schema", "model", "remap"] {
            assert!(!is_average(label), "{label}");
        }
    }
}
