internal import Demographics
internal import FHIR
internal import HL7Mapping
internal import HL7v2
internal import Lookup

/// What is searched for (QPD-3): values of fields of PID, all of which have to be found.
///
/// The same field twice means either; fields of one name or address have to be found in one repetition of it. An
/// identifier (PID.3.1) and the domain that follows it (PID.3.4) belong together.
struct DemographicsCriteria: Sendable {
    /// A place in PID.
    struct Path: Hashable, Sendable {
        var field: Int
        var component: Int
        var subcomponent: Int
    }

    /// Values of a place, one of which has to be there.
    struct Values: Sendable {
        var path: Path
        var wanted: [String]
    }

    /// An identifier with its domain.
    struct Wanted: Sendable {
        var value: String
        /// Namespace, universal id and type.
        var domain: HL7Component
        /// The preferred system of the domain; `nil` where nobody knows it.
        var system: String?
        /// Which repetition of QPD-3.
        var repetition: Int
    }

    /// The fields that may be searched, and how many components each has.
    private static let searchable: [Int: Int] = [
        3: 10, 5: 14, 6: 14, 7: 1, 8: 1, 9: 14, 11: 14, 13: 18, 14: 18, 15: 6, 16: 6, 18: 10, 19: 10, 20: 3, 21: 10,
        23: 1, 24: 1, 25: 1, 29: 1, 30: 1,
    ]
    /// The fields of identifiers.
    private static let identifierFields: Set = [3, 18, 21]
    /// Most values of one search.
    private static let valueLimit = 64

    /// Identifiers of PID-3, PID-18 and PID-21; of each field, one has to be there.
    var identifiers: [Int: [Wanted]] = [:]
    /// Everything else, by field.
    var values: [Int: [Values]] = [:]

    /// Reads QPD-3.
    init(_ query: HL7Segment) throws(HL7Error) {
        let field = query.field(3)
        let place = HL7Location("QPD", field: 3)
        guard !field.isEmpty else { throw HL7Error(.requiredField, at: place, "nothing is searched for") }
        guard field.repetitions.count <= Self.valueLimit else {
            throw HL7Error(.dataType, at: place, "at most \(Self.valueLimit) values may be searched for")
        }
        var last: Int?
        for (index, repetition) in field.repetitions.enumerated() where !repetition.isEmpty {
            var here = place
            here.repetition = index + 1
            let path = try Self.path(repetition.text(1), at: here)
            let value = repetition.text(2)
            guard !value.isEmpty else {
                here.component = 2
                throw HL7Error(.requiredField, at: here, "a value to search for is missing")
            }
            if Self.identifierFields.contains(path.field) {
                try addIdentifier(path, value, here, &last)
            } else {
                last = nil
                add(path, value)
            }
        }
        for (field, wanted) in identifiers {
            for one in wanted where one.domain.isEmpty {
                var here = place
                here.repetition = one.repetition
                let reason = "PID.\(field).1 needs the domain of the identifier in PID.\(field).4"
                throw HL7Error(.requiredField, at: here, reason)
            }
        }
    }

    /// Reads `@PID.3.4.1`.
    private static func path(_ text: String, at place: HL7Location) throws(HL7Error) -> Path {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.dropFirst().map { Int($0) ?? 0 }
        guard parts.first == "@PID", (1...3).contains(numbers.count), !numbers.contains(where: { $0 < 1 }),
            let components = searchable[numbers[0]], numbers.count < 2 || numbers[1] <= components,
            numbers.count < 3 || numbers[2] <= (identifierFields.contains(numbers[0]) ? 3 : 6)
        else {
            var here = place
            here.component = 1
            throw HL7Error(.dataType, at: here, "not a field that can be searched, such as @PID.5.1")
        }
        return Path(
            field: numbers[0],
            component: numbers.count > 1 ? numbers[1] : 1,
            subcomponent: numbers.count > 2 ? numbers[2] : 1
        )
    }

    private mutating func add(_ path: Path, _ value: String) {
        if let index = values[path.field, default: []].firstIndex(where: { $0.path == path }) {
            values[path.field]?[index].wanted.append(value)
        } else {
            values[path.field, default: []].append(Values(path: path, wanted: [value]))
        }
    }

    private mutating func addIdentifier(
        _ path: Path,
        _ value: String,
        _ place: HL7Location,
        _ last: inout Int?
    ) throws(HL7Error) {
        if path.component == 1 {
            let wanted = Wanted(value: value, domain: HL7Component(), system: nil, repetition: place.repetition)
            identifiers[path.field, default: []].append(wanted)
            last = path.field
        } else if path.component == 4 {
            guard last == path.field, var wanted = identifiers[path.field]?.popLast() else {
                throw HL7Error(.segmentSequence, at: place, "a domain follows the identifier that it is the domain of")
            }
            while wanted.domain.subcomponents.count < path.subcomponent { wanted.domain.subcomponents.append("") }
            wanted.domain.subcomponents[path.subcomponent - 1] = value
            identifiers[path.field, default: []].append(wanted)
        } else {
            // The type of an identifier says nothing about the person.
            guard path.component == 5 else {
                throw HL7Error(.dataType, at: place, "of identifiers, value and domain can be searched")
            }
        }
    }
}

extension DemographicsCriteria {
    /// The keys under which those that are searched for are posted; `nil` where nothing narrows the search.
    ///
    /// Fuzzy searches keep the first letters: these make the key.
    var keys: [UInt64]? {
        if let wanted = identifiers[3] ?? identifiers[18] { return wanted.map { LookupKey.identifier($0.value) } }
        for field in [13, 14] {
            let found = (values[field] ?? []).flatMap(\.wanted)
            if found.count == 1, let key = LookupKey.contact(found[0]) { return [key] }
        }
        let family = texts(5, 1)
        let given = texts(5, 2)
        if let keys = nameKeys(family, given) { return keys }
        if let dates = values[7]?.flatMap(\.wanted) {
            let keys = dates.flatMap(Self.dateKeys)
            if !keys.isEmpty { return keys }
        }
        let first = given.compactMap { LookupKey.given(Self.beginning($0), isWhole: Self.isWhole($0)) }
        return first.isEmpty || first.count < given.count ? nil : first
    }

    private func nameKeys(_ family: [String], _ given: [String]) -> [UInt64]? {
        guard !family.isEmpty else { return nil }
        var keys: [UInt64] = []
        for name in family {
            let beginnings: [String?] = given.isEmpty ? [nil] : given.map { Self.beginning($0) }
            for first in beginnings {
                guard
                    let found = LookupKey.names(
                        family: Self.beginning(name),
                        given: first?.isEmpty == true ? nil : first,
                        isWhole: Self.isWhole(name)
                    )
                else { return nil }
                keys += found
            }
        }
        return keys
    }

    private func texts(_ field: Int, _ component: Int) -> [String] {
        (values[field] ?? []).filter { $0.path.component == component }.flatMap(\.wanted)
    }

    private static func isWhole(_ text: String) -> Bool { !text.contains("*") }

    private static func beginning(_ text: String) -> String { String(text.prefix { $0 != "*" }) }

    /// The keys of all dates that begin like one: `1984` is also every month and every day of that year.
    private static func dateKeys(_ stamp: String) -> [UInt64] {
        guard let date = HL7Date.date(stamp) else { return [] }
        var texts = [date.description]
        for month in date.month == 0 ? 1...12 : date.month...date.month where date.day == 0 {
            let monthly = date.description.prefix(4) + (month < 10 ? "-0\(month)" : "-\(month)")
            if date.month == 0 { texts.append(String(monthly)) }
            texts += (1...31).map { $0 < 10 ? "\(monthly)-0\($0)" : "\(monthly)-\($0)" }
        }
        return texts.compactMap(LookupKey.birthDate)
    }
}
