import JSON

/// What the registry tells about itself under `/metadata` (FHIR R4 CapabilityStatement, kind `instance`).
public struct CapabilityStatement: Sendable, Hashable {
    /// A search parameter of a resource.
    public struct SearchParameter: Sendable, Hashable {
        /// Name as it stands in URLs.
        public var name: String
        /// Type, such as `token`, `string`, `date`.
        public var type: String

        /// A search parameter.
        public init(name: String, type: String) {
            self.name = name
            self.type = type
        }
    }

    /// An operation such as `$match`.
    public struct Operation: Sendable, Hashable {
        /// Name without the dollar.
        public var name: String
        /// Canonical URL of its definition.
        public var definition: String

        /// An operation.
        public init(name: String, definition: String) {
            self.name = name
            self.definition = definition
        }
    }

    /// One resource type and what can be done with it.
    public struct Resource: Sendable, Hashable {
        /// Resource type.
        public var type: String
        /// Interactions such as `read`, `create`, `search-type`.
        public var interactions: [String]
        /// Canonical URLs of the profiles that are kept to.
        public var supportedProfiles: [String] = []
        /// `no-version`, `versioned` or `versioned-update`; left out when empty.
        public var versioning = ""
        /// Whether an update may create.
        public var updateCreate: Bool?
        /// Whether create under a condition is possible.
        public var conditionalCreate: Bool?
        /// Whether update under a condition is possible.
        public var conditionalUpdate: Bool?
        /// `not-supported`, `single` or `multiple`; left out when empty.
        public var conditionalDelete = ""
        /// Search parameters.
        public var searchParameters: [SearchParameter] = []
        /// What a search may bring along of what is found refers to (`Patient:link`).
        public var searchIncludes: [String] = []
        /// What a search may bring along that refers to what is found (`RelatedPerson:patient`).
        public var searchReverseIncludes: [String] = []
        /// Topics that may be subscribed to (R5 backport).
        public var topics: [String] = []
        /// Operations on the type.
        public var operations: [Operation] = []

        /// A resource type and its interactions.
        public init(type: String, interactions: [String]) {
            self.type = type
            self.interactions = interactions
        }
    }

    /// Name of the software.
    public var software = "Tessera"
    /// Version of the software.
    public var version: String
    /// When the statement was last changed.
    public var date: FHIRDateTime
    /// Base URL of the service; left out when empty.
    public var url: String
    /// Formats that are read and written.
    public var formats = ["json", "xml"]
    /// Formats of patches.
    public var patchFormats = ["application/json-patch+json"]
    /// Resource types.
    public var resources: [Resource] = []
    /// Interactions with the whole system, such as `batch` and `transaction`.
    public var systemInteractions: [String] = []

    /// A statement.
    public init(version: String, date: FHIRDateTime, url: String = "") {
        self.version = version
        self.date = date
        self.url = url
    }

    /// The statement as JSON bytes.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.beginObject()
        writer.member("resourceType", "CapabilityStatement")
        writer.member("status", "active")
        writer.member("date", date.text)
        writer.member("kind", "instance")
        writer.object("software") {
            $0.member("name", software)
            $0.member("version", version)
        }
        if !url.isEmpty {
            writer.object("implementation") {
                $0.member("description", "\(software) client registry")
                $0.member("url", url)
            }
        }
        writer.member("fhirVersion", "4.0.1")
        writer.elements("format", formats) { $1.string($0) }
        writer.elements("patchFormat", patchFormats) { $1.string($0) }
        writer.key("rest")
        writer.beginArray()
        writer.beginObject()
        writer.member("mode", "server")
        writer.elements("resource", resources) { $0.write(to: &$1) }
        writer.elements("interaction", systemInteractions, Self.writeInteraction)
        writer.endObject()
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    fileprivate static func writeInteraction(_ code: String, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("code", code)
        writer.endObject()
    }
}

extension CapabilityStatement.Resource {
    private static let topicExtension =
        "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
        + "capabilitystatement-subscriptiontopic-canonical"

    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.elements("extension", topics) { topic, writer in
            writer.beginObject()
            writer.member("url", Self.topicExtension)
            writer.member("valueCanonical", topic)
            writer.endObject()
        }
        writer.member("type", type)
        writer.elements("supportedProfile", supportedProfiles) { $1.string($0) }
        writer.elements("interaction", interactions, CapabilityStatement.writeInteraction)
        writer.text("versioning", versioning)
        writer.flag("updateCreate", updateCreate)
        writer.flag("conditionalCreate", conditionalCreate)
        writer.flag("conditionalUpdate", conditionalUpdate)
        writer.text("conditionalDelete", conditionalDelete)
        writer.elements("searchInclude", searchIncludes) { $1.string($0) }
        writer.elements("searchRevInclude", searchReverseIncludes) { $1.string($0) }
        writer.elements("searchParam", searchParameters) { parameter, writer in
            writer.beginObject()
            writer.member("name", parameter.name)
            writer.member("type", parameter.type)
            writer.endObject()
        }
        writer.elements("operation", operations) { operation, writer in
            writer.beginObject()
            writer.member("name", operation.name)
            writer.member("definition", operation.definition)
            writer.endObject()
        }
        writer.endObject()
    }
}
