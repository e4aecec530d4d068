import ArgumentParser
import Coordinator
import Gateway

/// What an operator settles about stewards.
struct StewardOptions: ParsableArguments {
    /// What becomes of an update that makes a record look like somebody else.
    enum Overlay: String, CaseIterable {
        /// It is kept for a steward.
        case hold
        /// It is stored like any other.
        case off
    }

    @Option(help: "Records of one person from which on it takes two stewards to put it together; 0: one is enough.")
    var fourEyes: Int = 0

    // Off: a feed of HL7 v2 may split a person by an update (ITI-10), and waits for no steward.
    @Option(help: "What becomes of an update that makes a record look like somebody else: hold or off.")
    var overlay: String = Overlay.off.rawValue

    func validate() throws {
        if fourEyes < 0 { throw ValidationError("--four-eyes must not be negative") }
        if Overlay(rawValue: overlay) == nil { throw ValidationError("--overlay must be hold or off") }
    }

    /// Lays the choices on the doors.
    func apply(to doors: inout GatewayConfiguration) { doors.fourEyesFrom = fourEyes }

    /// Lays the choices on the coordinator.
    func apply(to limits: inout CoordinatorLimits) {
        limits.stewards.fourEyesFrom = fourEyes
        limits.stewards.overlay = Overlay(rawValue: overlay) == .hold ? OverlayGuard() : nil
    }
}

extension ConfigurationFile {
    /// The keys `four_eyes` and `overlay`.
    mutating func stewards() -> StewardOptions {
        var options = StewardOptions()
        // Every option needs a value: those that no command line was read for have none, not even their default.
        options.fourEyes = 0
        if let text = string("four_eyes") {
            if let number = Int(text), number >= 0 {
                options.fourEyes = number
            } else {
                fault("`four_eyes` must be a number of records, or 0")
            }
        }
        options.overlay = string("overlay") ?? StewardOptions.Overlay.off.rawValue
        if StewardOptions.Overlay(rawValue: options.overlay) == nil { fault("`overlay` must be hold or off") }
        return options
    }
}
