// Several views drawn at once into the layers of one target.

struct ViewInput {
    @builtin(view_index) index: u32,
}

fn view_of(input: ViewInput) -> u32 {
    return input.index;
}
