/// Why a question could not be answered.
public enum RegistryError: Error, Sendable, Equatable {
    /// A part of the cluster does not answer, or this node is not ready; repeat later.
    case unavailable(reason: String, retryAfterSeconds: Int)
    /// A stored row is not what it should be; the text names table and key, never a patient's values.
    case corrupt(String)
    /// The question itself cannot be answered.
    case invalid(String)
}

extension RegistryError {
    /// The reason.
    var text: String {
        switch self {
        case .unavailable(let reason, _), .corrupt(let reason), .invalid(let reason): reason
        }
    }
}
