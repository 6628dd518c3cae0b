// A row of WIDTH numbers, a thread each.

const WIDTH = {{width}}u;

{{bound}}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  let begin = thread.x * WIDTH;
  if (begin >= arrayLength(&output)) { return; }
  {{work}}
}
