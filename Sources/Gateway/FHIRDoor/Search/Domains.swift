internal import Authorities
internal import Coordinator
internal import PatientMapping

/// Which domains of identifiers there are.
enum Domains {
    /// Whether a system names a domain: one that is configured, one of our own, or one that a record was stored under.
    static func isKnown(_ system: String, _ call: DoorCall) async throws(DoorFault) -> Bool {
        let identifiers = call.configuration.identifiers
        if identifiers.authorities.find(system: system) != nil { return true }
        if system == identifiers.goldenSystem || system == identifiers.nationalSystem { return true }
        return try await call.ask { (registry) async throws(RegistryError) in try await registry.knows(system: system) }
    }
}
