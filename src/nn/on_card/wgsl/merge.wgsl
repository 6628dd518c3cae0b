// Mean and (biased) variance of a group from those of its parts (Chan et al. 1979).
fn merged(group: u32, size: u32) -> vec2<f32> {
  let parts = (size + PART - 1u) / PART;
  var mean = 0.0;
  var squares = 0.0;
  var count = 0.0;
  for (var part = 0u; part < parts; part++) {
    let at = 2u * (group * parts + part);
    let more = f32(min(PART, size - part * PART));
    let away = moments[at] - mean;
    let all = count + more;
    mean += away * more / all;
    squares += moments[at + 1u] + away * away * count * more / all;
    count = all;
  }
  return vec2(mean, squares / count);
}
