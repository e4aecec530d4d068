internal import JSON

/// What an export of OpenCR says: source records, which of them are one person, and which pairs were broken.
///
/// Read from FHIR: a Bundle, or a resource or Bundle a line. A golden record carries a tag of its own and links to its
/// records (`seealso`); a record links to its golden record (`refer`); an emptied golden record is `replaced-by`
/// another; a broken pair is an extension on either record.
struct OpenCRExport: Sendable {
    /// A record as a source sent it.
    struct Record: Sendable {
        /// Its id in OpenCR.
        var id: String
        var source: String
        var value: String
        /// The resource without what OpenCR added to it.
        var patient: JSONValue
    }

    static let goldenTag = "5c827da5-4858-4f3d-a50c-62ece001efea"
    /// Extensions that say that a pair was broken: of the program, and of its shipped profile.
    private static let broken = [
        "http://clientregistry.org/brokenMatch", "http://ihris.org/CR/fhir/StructureDefinition/CRBrokenMatch",
    ]
    /// Systems of tags that OpenCR adds.
    private static let tagPrefix = "http://openclientregistry.org/fhir/"

    private(set) var records: [Record] = []
    /// Records without an identifier of a known system, by their id.
    private(set) var nameless: [String] = []
    /// The golden record of each record, by their ids.
    private var golden: [String: String] = [:]
    private var replacedBy: [String: String] = [:]
    private var goldens: [String] = []
    /// Broken pairs, by ids, the smaller first.
    private(set) var breaks: Set<[String]> = []
    private let systems: [String]

    /// An export to be read.
    ///
    /// - Parameter systems: the systems of identifiers by which sources name their records, most wanted first; empty:
    ///   the first identifier names it.
    init(systems: [String]) { self.systems = systems }

    /// Reads a resource, or all of a Bundle.
    mutating func add(_ value: JSONValue) {
        switch value["resourceType"]?.string {
        case "Bundle": for entry in value["entry"]?.array ?? [] { if let one = entry["resource"] { add(one) } }
        case "Patient": addPatient(value)
        default: break
        }
    }

    private mutating func addPatient(_ patient: JSONValue) {
        guard let id = patient["id"]?.string, var object = patient.object else { return }
        let tags = patient["meta"]?["tag"]?.array ?? []
        let links = (patient["link"]?.array ?? []).map { ($0["type"]?.string ?? "", Self.id($0["other"])) }
        if tags.contains(where: { $0["code"]?.string == Self.goldenTag }) {
            goldens.append(id)
            for case let (type, other?) in links {
                if type == "replaced-by" { replacedBy[id] = other } else if type == "seealso" { golden[other] = id }
            }
            return
        }
        for case let (type, other?) in links where type == "refer" { golden[id] = other }
        let extensions = patient["extension"]?.array ?? []
        for one in extensions where Self.broken.contains(one["url"]?.string ?? "") {
            if let other = Self.id(one["valueReference"]) { breaks.insert([id, other].sorted()) }
        }
        guard let (source, value) = key(patient) else {
            nameless.append(id)
            return
        }
        for name in ["id", "link", "text"] { object[name] = nil }
        let kept = extensions.filter { !Self.broken.contains($0["url"]?.string ?? "") }
        object["extension"] = kept.isEmpty ? nil : .array(kept)
        let own = tags.filter { !($0["system"]?.string ?? "").hasPrefix(Self.tagPrefix) }
        object["meta"] = own.isEmpty ? nil : .object(["tag": .array(own)])
        records.append(
            Record(id: id, source: source, value: value, patient: .object(Self.first(source, value, object)))
        )
    }

    private func key(_ patient: JSONValue) -> (String, String)? {
        let identifiers = (patient["identifier"]?.array ?? []).compactMap { item -> (String, String)? in
            guard let system = item["system"]?.string, let value = item["value"]?.string, !system.isEmpty,
                !value.isEmpty
            else { return nil }
            return (system, value)
        }
        guard !systems.isEmpty else { return identifiers.first }
        for system in systems { if let found = identifiers.first(where: { $0.0 == system }) { return found } }
        return nil
    }

    /// The resource with the identifier that names it in front, which is where a registry looks for it.
    private static func first(_ source: String, _ value: String, _ object: JSONObject) -> JSONObject {
        var object = object
        let all = object["identifier"]?.array ?? []
        let isKey = { (one: JSONValue) in one["system"]?.string == source && one["value"]?.string == value }
        object["identifier"] = .array(all.filter(isKey) + all.filter { !isKey($0) })
        return object
    }

    private static func id(_ reference: JSONValue?) -> String? {
        reference?["reference"]?.string?.split(separator: "/").last.map(String.init)
    }

    /// The records of each person, by golden record; those that OpenCR tied to nothing are not among them.
    var persons: [(golden: String, records: [Record])] {
        var members: [String: [Record]] = [:]
        for record in records {
            if let name = golden[record.id] { members[survivor(name), default: []].append(record) }
        }
        return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Every golden identifier, the emptied ones included, with a record of the person that it names.
    var names: [(golden: String, record: Record)] {
        let first = Dictionary(
            uniqueKeysWithValues: persons.compactMap { one in
                one.records.first.map { (one.golden, $0) }
            }
        )
        return Set(goldens + golden.values).sorted().compactMap { golden in
            first[survivor(golden)].map { (golden, $0) }
        }
    }

    /// Golden records of which no record is left.
    var emptied: Int { Set(goldens + golden.values).count - names.count }

    /// Where a golden record went in the end.
    private func survivor(_ golden: String) -> String {
        var (current, seen) = (golden, Set([golden]))
        while let next = replacedBy[current], seen.insert(next).inserted { current = next }
        return current
    }
}
