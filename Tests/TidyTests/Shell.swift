/// The shell scripts of the repository.
enum Shell {
    /// All of them: they have no ending to know them by.
    static let scripts = [
        "cluster/lib.sh", "cluster/up", "cluster/down", "cluster/status", "cluster/demo", "Tests/run", ".ci/run",
    ].compactMap(Repository.file)
}
