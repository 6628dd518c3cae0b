//! Generators as trainings and other software leave them: in wrappers, beside other values, under other names, in other forms.
#![cfg(not(target_family = "wasm"))]

use burn::tensor::Device;
use gan_atelier::error::{Error, Misfit};
use gan_atelier::session::translation::{Direction, Source, Translator};
use gan_atelier::weights::cyclegan::Note;
use gan_atelier::weights::{Array, Arrays};
use proptest::prelude::*;

#[path = "golden/wrapped.rs"]
mod golden;

use golden::*;

#[test]
fn prefixes_in_any_order_and_repeated_are_no_obstacle() {
    let prefixes =
        ["", "_orig_mod.", "module.", "net.", "netG.", "state_dict.generator.", "module._orig_mod.netG.module."];
    for prefix in prefixes.into_iter().chain(["_orig_mod.module.module.net.", "params.", "model_state_dict.", "model."])
    {
        let bytes = renamed(&[("plain", &|key| format!("{prefix}{key}"))]);
        assert_eq!(one(&bytes, "plain").notes, [], "{prefix}");
    }
}

#[test]
fn a_generator_is_found_in_whatever_a_training_saved() {
    for name in ["deep", "training"] {
        assert_eq!(one(&file(&format!("{name}.pth")), "plain").notes, [], "{name}");
    }
    // The network itself and not its state_dict: its classes are named, and nothing is made of them.
    let notes = one(&file("whole.pth"), "plain").notes;
    assert!(matches!(&notes[..], [Note::PassedOver { names }] if names[0] == "networks.ResnetGenerator"), "{notes:?}");
}

#[test]
fn a_whole_training_opens_as_a_pair() {
    let lightning = renamed(&[
        ("plain", &|key| format!("state_dict.generator_AB.{key}")),
        ("back", &|key| format!("state_dict.generator_BA.{key}")),
        ("unet", &|key| format!("state_dict.discriminator_A.{key}")),
    ]);
    let ordered = renamed(&[("back", &|key| format!("netG_B.{key}")), ("plain", &|key| format!("netG_A.{key}"))]);
    let named =
        renamed(&[("plain", &|key| format!("photo2monet.{key}")), ("back", &|key| format!("monet2photo.{key}"))]);
    for bytes in [file("both.pth"), lightning, ordered, named] {
        let (there, back) = read(&bytes).unwrap();
        paints(&there, "plain");
        paints(&back.expect("the way back"), "back");
        assert!(matches!(there.notes[..], [Note::Pair { .. }]));
    }
    let translator = Translator::from_bytes(&file("both.pth"), None, &Device::flex()).unwrap();
    assert!(translator.architecture(Direction::A).is_some());
}

#[test]
fn two_generators_that_do_not_tell_are_asked_for() {
    let bytes = renamed(&[("plain", &|key| format!("first.{key}")), ("back", &|key| format!("second.{key}"))]);
    let names = vec!["first".to_string(), "second".to_string()];
    assert_eq!(read(&bytes).unwrap_err(), Error::misfit("first", Misfit::Several { names }));
    let pick = |label| Source { file: &bytes, pick: Some(label) };
    let there = Translator::open(pick("second"), Some(pick("first")), &Device::flex()).unwrap();
    let painted = |direction| {
        let picture = [90, 120, 200, 255].repeat(64);
        let mut translation = there.begin(&picture, 8, 8, direction).unwrap();
        while !pollster::block_on(translation.advance(1)).unwrap() {}
        pollster::block_on(translation.finish()).unwrap()
    };
    let alone =
        |name| Translator::from_bytes(&renamed(&[(name, &|key| key.to_string())]), None, &Device::flex()).unwrap();
    for (direction, name) in [(Direction::B, "back"), (Direction::A, "plain")] {
        let mut translation = alone(name).begin(&[90, 120, 200, 255].repeat(64), 8, 8, Direction::B).unwrap();
        while !pollster::block_on(translation.advance(1)).unwrap() {}
        assert_eq!(painted(direction), pollster::block_on(translation.finish()).unwrap());
    }
    assert!(matches!(
        Translator::open(pick("third"), None, &Device::flex()).unwrap_err(),
        Error::WeightsMismatch { problem: Misfit::Several { .. }, .. }
    ));
}

#[test]
fn averages_are_preferred_and_said() {
    let kept = renamed(&[("back", &|key| format!("params.{key}")), ("plain", &|key| format!("params_ema.{key}"))]);
    assert_eq!(one(&kept, "plain").notes, [Note::Averaged { name: "params_ema".into() }]);
    let mut counted: Arrays =
        network("plain").into_iter().map(|(key, array)| (format!("mean.module.{key}"), array)).collect();
    counted.insert("mean.n_averaged".into(), Array { shape: vec![], values: vec![40.0] });
    counted.extend(network("back").into_iter().map(|(key, array)| (format!("net.{key}"), array)));
    assert_eq!(one(&written(&counted), "plain").notes, [Note::Averaged { name: "mean".into() }]);
}

#[test]
fn averages_alone_are_simply_the_weights() {
    let alone = renamed(&[("plain", &|key| format!("netG_ema.{key}"))]);
    assert_eq!(one(&alone, "plain").notes, []);
}

#[test]
fn judges_and_losses_beside_a_generator_are_no_part_of_it() {
    let beside = renamed(&[
        ("plain", &|key| key.to_string()),
        ("unet", &|key| format!("netD.{key}")),
        ("back", &|key| format!("optimizer.state.{}.exp_avg", key.replace('.', "_"))),
    ]);
    assert_eq!(one(&beside, "plain").notes, []);
    // Ends that lie together, deeper than the layers between them.
    let apart = renamed(&[("plain", &|key| {
        let key = key.replace("model.1.", "net.io.0.").replace("model.19.", "net.io.1.");
        key.replace("model.", "net.body.")
    })]);
    strange(&one(&apart, "plain").notes);
    let two = renamed(&[("reflecting", &|key| format!("gen_H.{key}")), ("nearest", &|key| format!("gen_Z.{key}"))]);
    let names = vec!["gen_H".to_string(), "gen_Z.model".to_string()];
    assert_eq!(read(&two).unwrap_err(), Error::misfit("gen_H", Misfit::Several { names }));
}

#[test]
fn values_beside_the_weights_are_passed_over_and_never_run() {
    for name in ["beside-2", "beside-4", "beside-legacy"] {
        let notes = one(&file(&format!("{name}.pth")), "plain").notes;
        let [Note::PassedOver { names }] = &notes[..] else { panic!("{name}: {notes:?}") };
        assert!(names.contains(&"argparse.Namespace".to_string()), "{names:?}");
    }
}

#[test]
fn statistics_that_were_gathered_on_purpose_are_named() {
    let mut arrays = network("plain");
    let number = |values: Vec<f32>, shape: Vec<usize>| Array { shape, values };
    let channels = arrays["model.1.weight"].shape[0];
    for statistic in ["running_mean", "running_var"] {
        arrays.insert(format!("model.2.{statistic}"), number(vec![0.5; channels], vec![channels]));
    }
    // As the oldest files have them, which meant nothing.
    assert_eq!(one(&written(&arrays), "plain").notes, []);
    arrays.insert("model.2.num_batches_tracked".into(), number(vec![100.0], Vec::new()));
    let name = "model.2.num_batches_tracked".to_string();
    assert_eq!(one(&written(&arrays), "plain").notes, [Note::Statistics { name }]);
}

#[test]
fn one_length_for_a_whole_weight_is_folded() {
    for [length, direction] in
        [["weight_g", "weight_v"], ["parametrizations.weight.original0", "parametrizations.weight.original1"]]
    {
        let mut arrays = network("plain");
        let weight = arrays.remove("model.1.weight").unwrap();
        let norm = weight.values.iter().map(|value| value * value).sum::<f32>().sqrt();
        arrays.insert(format!("model.1.{length}"), Array { shape: Vec::new(), values: vec![norm] });
        let doubled = weight.values.iter().map(|value| 2.0 * value).collect();
        arrays.insert(format!("model.1.{direction}"), Array { values: doubled, ..weight });
        assert_eq!(one(&written(&arrays), "plain").notes, []);
    }
}

#[test]
fn strides_and_shared_numbers_are_followed() {
    one(&file("strided.pth"), "plain");
    one(&file("shared.pth"), "shared");
}

/// The name that the note tells.
#[track_caller]
fn strange(notes: &[Note]) -> &str {
    match notes.first() {
        Some(Note::Names { name }) => name,
        other => panic!("{other:?}"),
    }
}

#[test]
fn other_names_are_matched_by_shape_and_order_and_said() {
    let letters = renamed(&[("plain", &|key| key.replace("model.", "main.").replace("conv_block", "res"))]);
    assert_eq!(strange(&one(&letters, "plain").notes), "main.1.bias");
    strange(&one(&file("words.pth"), "plain").notes);
    // aitorzip's PyTorch-CycleGAN has the published layers under the published names, numbers and all: nothing is strange.
    assert_eq!(one(&renamed(&[("plain", &|key| key.to_string())]), "plain").notes, []);
    // As a port from Keras numbers its layers; eleven is behind two.
    let weights: Vec<String> = network("plain").into_keys().filter(|key| key.ends_with("weight")).collect();
    let mut sorted = weights.clone();
    let number = |key: &str| key.split('.').filter_map(|part| part.parse::<usize>().ok()).collect::<Vec<_>>();
    sorted.sort_by_key(|key| number(key));
    let keras = |key: &str| {
        let (layer, own) = key.rsplit_once('.').unwrap();
        let at = sorted.iter().position(|each| each.starts_with(&format!("{layer}."))).unwrap();
        format!("conv2d_{}.{}", at + 4, if own == "weight" { "kernel" } else { own })
    };
    strange(&one(&renamed(&[("plain", &keras)]), "plain").notes);
}

#[test]
fn names_that_tell_no_order_are_refused() {
    // Two layers of one shape in a file that keeps no order, told apart by words alone.
    let words = renamed(&[("plain", &|key| {
        let at = key.replace("model.10.conv_block", "body.one").replace("model.11.conv_block", "body.other");
        at.replace("model.", "part.")
    })]);
    let problem = read(&words).unwrap_err();
    assert!(
        matches!(&problem, Error::WeightsMismatch { problem: Misfit::Ambiguous { found }, .. } if found == "[8, 8, 3, 3]"),
        "{problem}"
    );
    let mut odd: Arrays =
        network("plain").into_iter().map(|(key, array)| (key.replace("conv_block", "res"), array)).collect();
    odd.remove("model.11.res.5.weight");
    assert!(matches!(read(&written(&odd)).unwrap_err(), Error::WeightsMismatch { .. }));
}

#[test]
fn what_is_no_generator_says_what_it_is() {
    let problem = |bytes: &[u8]| match read(bytes).unwrap_err() {
        Error::WeightsMismatch { problem, .. } => problem,
        other => panic!("{other}"),
    };
    assert_eq!(problem(&renamed(&[("unet", &|key| key.to_string())])), Misfit::Unet);
    let layer = |shape: [usize; 4]| Array { values: vec![0.5; shape.iter().product()], shape: shape.into() };
    let file = |layers: &[(&str, [usize; 4])]| {
        written(&layers.iter().map(|(name, shape)| (name.to_string(), layer(*shape))).collect())
    };
    let patches = [("0.weight", [2, 3, 4, 4]), ("2.weight", [4, 2, 4, 4]), ("5.weight", [1, 4, 4, 4])];
    assert_eq!(problem(&file(&patches)), Misfit::Discriminator);
    let prefixed = patches.map(|(name, shape)| (format!("netD_A.model.{name}"), shape));
    assert_eq!(
        problem(&file(&prefixed.each_ref().map(|(name, shape)| (name.as_str(), *shape)))),
        Misfit::Discriminator
    );
    let pixels = [("net.0.weight", [64, 3, 1, 1]), ("net.2.weight", [128, 64, 1, 1]), ("net.5.weight", [1, 128, 1, 1])];
    assert_eq!(problem(&file(&pixels)), Misfit::Discriminator);
    let classifier = [("features.0.weight", [64, 3, 3, 3]), ("features.2.weight", [64, 64, 3, 3])];
    assert_eq!(problem(&file(&classifier)), Misfit::Unlike { found: "[64, 3, 3, 3]".into() });
    let mut learned = network("plain");
    for part in ["weight", "bias"] {
        learned.insert(format!("model.2.{part}"), Array { shape: vec![2], values: vec![1.0; 2] });
    }
    assert_eq!(problem(&written(&learned)), Misfit::Norm);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Bytes changed where the files say what lies in them.
    #[test]
    fn no_bytes_make_the_reader_panic(
        name in prop::sample::select(vec!["beside-2", "beside-4", "beside-legacy", "whole", "shared", "strided", "words"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = file(&format!("{name}.pth"));
        for (place, byte) in changes {
            let at = place.index(bytes.len().min(6000));
            bytes[at] = byte;
        }
        let _ = read(&bytes);
    }
}
