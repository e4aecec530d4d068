import Authorities
import FHIR
import Lookup

extension PatientQuery {
    /// Whether a Patient satisfies every clause.
    public func matches(_ subject: Subject) -> Bool { clauses.allSatisfy { matches($0, subject) } }

    private func matches(_ clause: SearchClause, _ subject: Subject) -> Bool {
        switch clause.modifier {
        case .missing:
            let wanted = clause.values.first == .token(system: nil, code: "true")
            return isMissing(clause.parameter, subject.patient) == wanted
        case .not: return !clause.values.contains { isFound(clause, $0, subject) }
        case .exact, .contains, nil: return clause.values.contains { isFound(clause, $0, subject) }
        }
    }

    private func isFound(_ clause: SearchClause, _ value: SearchClause.Value, _ subject: Subject) -> Bool {
        switch value {
        case .text(let text, let folded):
            return texts(clause.parameter, subject.patient).contains { found in
                switch clause.modifier {
                case .exact: return found == text
                case .contains: return !folded.isEmpty && SearchClause.folded(found).contains(folded)
                default: return !folded.isEmpty && SearchClause.folded(found).hasPrefix(folded)
                }
            }
        case .date(let condition): return isFound(condition, clause.parameter, subject)
        case .token(let system, let code): return isFound(system, code, clause.parameter, subject)
        }
    }

    private func texts(_ parameter: SearchParameter, _ patient: Patient) -> [String] {
        switch parameter {
        case .family: return patient.names.map(\.family)
        case .given: return patient.names.flatMap(\.given)
        case .name:
            return patient.names.flatMap { [$0.family, $0.text] + $0.given + $0.prefix + $0.suffix }
        case .mothersMaidenName: return patient.maidenNames
        case .address:
            return patient.addresses.flatMap {
                $0.line + [$0.city, $0.district, $0.state, $0.postalCode, $0.country, $0.text]
            }
        case .addressCity: return patient.addresses.map(\.city)
        case .addressCountry: return patient.addresses.map(\.country)
        case .addressPostalCode: return patient.addresses.map(\.postalCode)
        case .addressState: return patient.addresses.map(\.state)
        default: return []
        }
    }

    private func isFound(_ condition: DateCondition, _ parameter: SearchParameter, _ subject: Subject) -> Bool {
        let today = Int(context.now / 86_400_000)
        switch parameter {
        case .lastUpdated: return condition.matches(moment: subject.updated, now: context.now)
        case .birthDate:
            guard let date = subject.patient.birthDate else { return false }
            return condition.matches(DateRange(date), today: today)
        case .deathDate:
            guard case .dateTime(let date) = subject.patient.deceased,
                let day = try? FHIRDate(parsing: String(date.text.prefix(10)))
            else { return false }
            return condition.matches(DateRange(day), today: today)
        default: return false
        }
    }

    private func isFound(_ system: String?, _ code: String, _ parameter: SearchParameter, _ subject: Subject) -> Bool {
        let patient = subject.patient
        switch parameter {
        case .id: return code == subject.id || code == subject.golden
        case .active: return (patient.active ?? true) == (code == "true")
        case .gender: return patient.gender?.rawValue == code
        case .deceased:
            let isDead =
                switch patient.deceased {
                case .boolean(let value): value
                case .dateTime: true
                case nil: false
                }
            return isDead == (code == "true")
        case .addressUse: return patient.addresses.contains { $0.use?.rawValue == code }
        case .telecom, .phone, .email: return isReached(system, code, parameter, patient)
        case .identifier: return isIdentified(system, code, subject)
        case .organization:
            return patient.managingOrganization.map { PatientQuery.refers($0, code, "Organization") } ?? false
        case .link: return patient.links.contains { PatientQuery.refers($0.other, code, "Patient") }
        default: return false
        }
    }

    private func isReached(_ system: String?, _ code: String, _ parameter: SearchParameter, _ patient: Patient) -> Bool
    {
        let wanted = LookupKey.contactForm(code)
        return patient.telecom.contains { contact in
            switch parameter {
            case .phone: guard contact.system == .phone || contact.system == .sms else { return false }
            case .email: guard contact.system == .email else { return false }
            default: if let system, !system.isEmpty, contact.system?.rawValue != system { return false }
            }
            return contact.value == code || (!wanted.isEmpty && LookupKey.contactForm(contact.value) == wanted)
        }
    }

    private func isIdentified(_ system: String?, _ code: String, _ subject: Subject) -> Bool {
        if system == context.goldenSystem { return code.isEmpty || code == subject.golden }
        let isFound = subject.patient.identifiers.contains { identifier in
            let own = context.authorities.canonical(identifier.system)
            return (system == nil || own == system) && (code.isEmpty || identifier.value == code)
        }
        if isFound { return true }
        guard code.isEmpty, let system else { return false }
        return subject.otherSystems.contains(system)
    }

    private static func refers(_ reference: Reference, _ wanted: String, _ type: String) -> Bool {
        let id = wanted.hasPrefix(type + "/") ? wanted : "\(type)/\(wanted)"
        return reference.reference == wanted || reference.reference == id || reference.reference.hasSuffix("/" + id)
    }

    private func isMissing(_ parameter: SearchParameter, _ patient: Patient) -> Bool {
        switch parameter {
        case .id, .lastUpdated: false
        case .active: patient.active == nil
        case .addressUse: !patient.addresses.contains { $0.use != nil }
        case .birthDate: patient.birthDate == nil
        case .deathDate, .deceased: patient.deceased == nil
        case .gender: patient.gender == nil
        case .identifier: patient.identifiers.isEmpty
        case .link: patient.links.isEmpty
        case .organization: patient.managingOrganization == nil
        case .telecom: patient.telecom.isEmpty
        case .phone: !patient.telecom.contains { $0.system == .phone || $0.system == .sms }
        case .email: !patient.telecom.contains { $0.system == .email }
        default: texts(parameter, patient).allSatisfy(\.isEmpty)
        }
    }
}

extension Patient {
    /// The mother's maiden name, in the extension that is made for it.
    var maidenNames: [String] {
        extensions.compactMap { item in
            guard item.url == Patient.mothersMaidenNameURL, case .text(let text) = item.value else { return nil }
            return text
        }
    }
}
