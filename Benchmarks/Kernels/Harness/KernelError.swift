/// Why a kernel could not be run.
enum KernelError: Error {
    /// The store answered something else than what was asked for.
    case unexpected
    /// The store refused.
    case refused(String)
}
