/// The rooms of the house and what each may import: the arrows go down the stair, never up.
enum Rooms {
    /// The rooms that each room may import directly.
    static let arrows: [String: Set<String>] = [
        "Bytes": ["CChecksum", "CPrefetch"],
        "Identifiers": ["Bytes"],
        "Locks": [],
        "JSON": ["Bytes"],
        "LMDB": ["CLMDB"],
        "HTTP2": ["CNghttp2", "Bytes"],
        "OpenSSL": ["COpenSSL", "Bytes", "Locks"],
        "Telemetry": ["Locks"],
        "FHIR": ["JSON"],
        "HL7v2": ["Bytes"],
        "Demographics": ["Identifiers", "Bytes"],
        "Lookup": ["Demographics", "Identifiers", "Bytes"],
        "Matching": ["Demographics", "Identifiers", "Bytes"],
        "Identity": ["Demographics", "Identifiers", "Bytes"],
        "RuleSets": ["Matching", "Demographics", "Identity", "Identifiers", "JSON"],
        "Training": ["RuleSets", "Matching", "Demographics", "Identifiers"],
        "Charts": [],
        "Topology": ["Identifiers", "Locks"],
        "ShardProtocol": ["Identifiers", "Matching", "Topology", "Bytes"],
        "Replication": ["ShardProtocol", "Topology", "Identifiers", "Locks"],
        "ShardStore": [
            "LMDB", "OpenSSL", "Matching", "Demographics", "ShardProtocol", "Topology", "Identifiers", "Bytes", "Locks",
        ],
        "Coordinator": [
            "Demographics", "Lookup", "Matching", "Identity", "RuleSets", "Training", "Topology", "ShardProtocol",
            "Identifiers", "Bytes", "Locks",
        ],
        "Transport": ["HTTP2", "OpenSSL", "Telemetry"],
        "ShardService": [
            "ShardStore", "ShardProtocol", "Transport", "Telemetry", "Matching", "Identifiers", "Bytes", "Locks",
        ],
        "Backups": ["Coordinator", "OpenSSL", "JSON", "Identifiers", "Bytes", "Locks"],
        "Etcd": ["Transport", "Bytes", "Locks"],
        "ControlPlane": ["Etcd", "Topology", "Identifiers", "Locks"],
        "Access": ["OpenSSL", "JSON"],
        "Audit": ["OpenSSL", "FHIR", "JSON", "Locks"],
        "Entrance": [
            "Access", "Audit", "Coordinator", "Transport", "Matching", "Identity", "JSON", "Demographics",
            "Identifiers", "Locks",
        ],
        "Authorities": [],
        "PatientMapping": ["Authorities", "Demographics", "FHIR", "JSON", "Identifiers"],
        "PatientSearch": ["Authorities", "Lookup", "FHIR", "Demographics"],
        "HL7Mapping": ["HL7v2", "FHIR", "Authorities", "PatientMapping", "Demographics", "Identifiers"],
        "HL7Door": [
            "Access", "Audit", "Entrance",
            "Coordinator", "HL7Mapping", "HL7v2", "FHIR", "Authorities", "PatientMapping", "Transport", "Telemetry",
            "Identity", "Lookup", "JSON", "Demographics", "Identifiers", "Bytes", "Locks",
        ],
        "RecordFiles": ["Demographics", "FHIR", "PatientMapping", "JSON", "Identifiers", "Bytes", "CZlib"],
        "Gateway": [
            "Coordinator", "Authorities", "PatientSearch", "Lookup", "RecordFiles",
            "FHIR", "HL7v2", "JSON", "Access", "Audit", "Entrance", "Transport", "RuleSets", "Charts",
            "Telemetry",
            "PatientMapping", "Matching", "Identity", "Demographics", "ShardProtocol", "Topology", "Identifiers",
            "Bytes", "Locks",
        ],
        "BatchLinkage": [
            "RecordFiles", "Training", "RuleSets", "Matching", "Identity", "Demographics", "Identifiers", "Bytes",
        ],
        "LoadTest": ["RecordFiles", "Charts", "Demographics", "Identifiers", "Locks"],
    ]

    /// The rooms that see everything: the program and the simulation.
    static let seeEverything: Set = ["tessera", "simulate", "SimulationKit", "TestRandom"]

    /// System libraries, each with the one room that may import it.
    static let systemLibraries = [
        "CNghttp2": "HTTP2", "CLMDB": "LMDB", "COpenSSL": "OpenSSL", "CZlib": "RecordFiles",
        "CPrefetch": "Bytes", "CChecksum": "Bytes", "CAllocator": "tessera",
    ]

    /// Rooms that compute and do nothing else: no network, no logging, no clock, no randomness of their own.
    static let pure: Set = [
        "Bytes", "Identifiers", "JSON", "FHIR", "HL7v2", "Demographics", "Matching", "Identity", "RuleSets", "Training",
        "Topology", "ShardProtocol", "Charts", "HTTP2", "PatientMapping", "Authorities", "Lookup", "PatientSearch",
        "HL7Mapping", "Access",
    ]

    /// Modules that are not of this house, each with the rooms that may import it.
    static let outside: [String: Set<String>] = [
        "NIOCore": ["Transport", "ShardService"],
        "NIOPosix": ["Transport"],
        "NIOHTTP1": ["Transport"],
        "NIOConcurrencyHelpers": ["Transport"],
        "NIOTLS": ["Transport"],
        "NIOFoundationCompat": [],
        "Logging": ["Telemetry", "Transport", "ShardService", "Coordinator", "Gateway", "ControlPlane", "HL7Door"],
        "Metrics": ["Telemetry"],
        "CoreMetrics": ["Telemetry"],
        "ServiceLifecycle": [],
        "ArgumentParser": [],
        "Yams": ["RuleSets", "Authorities", "Access"],
        "FoundationNetworking": [],
        "Dispatch": ["Telemetry", "ShardStore", "Audit", "Backups"],
    ]
}
