public import Authorities
public import HL7v2
import Identifiers

/// Reads identifiers (CX) and domains (HD) with the names that the registry's authorities have.
public struct IdentifierReading: Sendable {
    /// Who assigns identifiers.
    public let authorities: AuthorityRegistry
    /// The domain of identifiers that name none; `nil`: they are refused.
    public let missing: Authority?

    /// Reads with the names of authorities.
    public init(authorities: AuthorityRegistry, missing: Authority? = nil) {
        self.authorities = authorities
        self.missing = missing
    }

    /// The identifiers of a field, in order.
    ///
    /// - Throws: `HL7Error` at the repetition that has no value, or whose domain is not known.
    public func identifiers(_ segment: HL7Segment, _ field: Int) throws(HL7Error) -> [AssignedIdentifier] {
        var result: [AssignedIdentifier] = []
        for cell in FieldCell.cells(segment, field) { result.append(try identifier(cell)) }
        return result
    }

    private func identifier(_ cell: FieldCell) throws(HL7Error) -> AssignedIdentifier {
        let value = cell.repetition.text(1)
        guard !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw cell.fault(.dataType, 1, "an identifier has signs that do not print")
        }
        let trimmed = try cell.text(1)
        guard !trimmed.isEmpty else {
            throw cell.fault(.requiredField, 1, "an identifier needs a value in its first component")
        }
        guard trimmed.utf8.count <= RecordKey.partLimit else {
            throw cell.fault(.dataType, 1, "an identifier may have \(RecordKey.partLimit) bytes")
        }
        let authority = try authority(cell)
        return AssignedIdentifier(
            system: authority.uri,
            value: trimmed,
            type: try cell.text(5),
            location: cell.location
        )
    }

    /// The domains of a field of which only CX.4 counts.
    ///
    /// - Throws: `HL7Error` at the repetition whose domain is not known.
    public func domain(_ repetition: HL7Repetition, at location: HL7Location) throws(HL7Error) -> Authority {
        try authority(FieldCell(repetition: repetition, location: location))
    }

    private func authority(_ cell: FieldCell) throws(HL7Error) -> Authority {
        let part = cell.repetition.component(4)
        let designator = Designator(
            namespace: FieldCell.cleaned(part.text(1)),
            universalID: FieldCell.cleaned(part.text(2)),
            type: FieldCell.cleaned(part.text(3))
        )
        let authority: Authority
        do throws(DesignatorFault) {
            authority = try authorities.resolve(designator)
        } catch {
            if error == .missing, let missing { return missing }
            throw cell.fault(.unknownKey, 4, IdentifierReading.reason(error, designator))
        }
        guard authority.uri.utf8.count <= RecordKey.partLimit, !authority.uri.utf8.contains(where: { $0 < 0x20 }) else {
            throw cell.fault(.dataType, 4, "the assigning authority has a name that cannot be used")
        }
        return authority
    }

    private static func reason(_ fault: DesignatorFault, _ designator: Designator) -> String {
        // The name of a domain is no value of a patient, and who reads the answer needs it.
        let name = [designator.namespace, designator.universalID, designator.type].joined(separator: "&").prefix(80)
        return switch fault {
        case .missing: "the assigning authority is missing"
        case .incomplete: "the assigning authority \(name) is incomplete: a universal id and its type go together"
        case .unknown: "the assigning authority \(name) is not known"
        case .inconsistent: "the parts of the assigning authority \(name) name different domains"
        }
    }
}
