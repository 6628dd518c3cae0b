// What is done at every place.

{{bound}}

@compute @workgroup_size(256, 1, 1)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32,
) {
  let at = (group.y * groups.x + group.x) * 256u + index;
  if (at >= arrayLength(&{{like}})) { return; }
  {{work}}
}
