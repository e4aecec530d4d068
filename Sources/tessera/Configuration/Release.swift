/// What this build calls itself.
enum Release {
    /// The version of the program, as in `ops/CHANGELOG.md`.
    static let version = "0.1.0"
}
