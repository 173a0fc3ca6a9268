// One view: no shader needs the multiview feature. The builtin only fills the struct, which must not be empty.

struct ViewInput {
    @builtin(instance_index) unused: u32,
}

fn view_of(input: ViewInput) -> u32 {
    return 0u;
}
