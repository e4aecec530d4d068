internal import Coordinator
internal import HL7v2

/// Why a message was not carried out.
struct Refusal: Error {
    /// The answer's code.
    enum Code: String {
        /// The content is at fault: the same message will not do later either.
        case error = "AE"
        /// The message as a whole is refused, or cannot be dealt with now.
        case reject = "AR"
    }

    var code: Code
    /// At least one.
    var faults: [HL7Error]

    /// The content is at fault.
    static func content(_ fault: HL7Error) -> Refusal { Refusal(code: .error, faults: [fault]) }

    /// The message is refused.
    static func message(_ fault: HL7Error) -> Refusal { Refusal(code: .reject, faults: [fault]) }

    /// The registry cannot do it now.
    static func unavailable(_ reason: String) -> Refusal {
        .message(HL7Error(.internal, at: .segment("MSH"), "try again later: \(reason)"))
    }

    init(code: Code, faults: [HL7Error]) {
        self.code = code
        self.faults = faults
    }

    init(_ error: RegistryError) {
        switch error {
        case .unavailable(let reason, _): self = .unavailable(reason)
        case .corrupt: self = .message(HL7Error(.internal, at: .segment("MSH"), "a stored row is damaged"))
        case .invalid(let reason): self = .content(HL7Error(.internal, at: .segment("MSH"), reason))
        }
    }
}
