//! Links that the user may pass on: plain data, like [`super::model`].

/// A link for somebody else into the venue that is hosted here.
#[derive(Clone, PartialEq, Eq)]
pub struct Invite {
    /// Whom it is for.
    pub name: String,
    /// The link, which holds a code.
    pub link: String,
}

impl std::fmt::Debug for Invite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Whoever has the link can enter; it belongs into no log.
        f.debug_struct("Invite").field("name", &self.name).finish_non_exhaustive()
    }
}
