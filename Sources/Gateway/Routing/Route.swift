/// One interaction of the registry: how it is addressed, what it is in the words of the interface, and what answers it.
///
/// One object each, since every request is handed its route several times.
final class Route: Sendable {
    /// Which public it serves; decides how faults are written.
    enum Door: Sendable {
        /// FHIR: faults are OperationOutcomes.
        case fhir
        /// What clients of OpenCR call beside FHIR, where an operator opened that door: faults are OperationOutcomes.
        case openCR
        /// The native interface: faults are problem details.
        case native
        /// Health, metrics, descriptions: open to whoever reaches the port.
        case operations
    }

    /// What an interaction is in a FHIR capability statement.
    enum Capability: Sendable, Hashable {
        /// Nothing that the statement lists.
        case none
        /// An interaction with one type, such as `read`.
        case interaction(String)
        /// An interaction with another type than Patient.
        case typed(String, String)
        /// An interaction with the whole system, such as `transaction`.
        case system([String])
        /// An operation on Patient, by name and definition.
        case operation(String, definition: String)
    }

    /// What answers a request.
    typealias Answering = @Sendable (DoorCall) async throws(DoorFault) -> DoorAnswer

    /// The name in metrics and logs, such as `fhir.patient.read`.
    let name: String
    let door: Door
    let method: String
    let pattern: PathPattern
    /// One sentence for the description of the interface.
    let summary: String
    let capability: Capability
    /// Who may, and how it is remembered.
    let access: RouteAccess
    let parameters: [RouteParameter]
    let answer: Answering

    init(
        _ name: String,
        _ door: Door,
        _ method: String,
        _ pattern: String,
        access: RouteAccess,
        capability: Capability = .none,
        parameters: [RouteParameter] = [],
        _ summary: String,
        answer: @escaping Answering
    ) {
        self.name = name
        self.door = door
        self.method = method
        self.pattern = PathPattern(pattern)
        self.summary = summary
        self.capability = capability
        self.access = access
        self.parameters = parameters
        self.answer = answer
    }
}
