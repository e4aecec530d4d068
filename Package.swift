// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house and their arrows: imports go down or to the right, never up (see README, "Map of the house").

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A page beside the sources that tells why a room is built as it is.
let design = ["DESIGN.md"]

/// A room: a library target with the settings of the house.
func room(
    _ name: String,
    _ imports: [Target.Dependency] = [],
    exclude: [String] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: imports, exclude: exclude, resources: resources, swiftSettings: settings)
}

/// The tests of a room.
func tests(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + imports,
        swiftSettings: settings
    )
}

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioConcurrency: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// What tests draw their cases from.
let random: Target.Dependency = .byName(name: "TestRandom")

/// Rooms whose insides the package in `Benchmarks` measures; nobody else needs them as products.
let measured: [Product] = [
    "Bytes", "Demographics", "FHIR", "Identifiers", "Identity", "JSON", "LoadTest", "Matching", "PatientMapping",
    "RuleSets", "ShardProtocol", "ShardStore",
].map { .library(name: $0, targets: [$0]) }

let package = Package(
    name: "tessera",
    products: [.executable(name: "tessera", targets: ["tessera"])] + measured,
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // System libraries, each with one face.
        .systemLibrary(name: "CNghttp2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // A hint to the processor, for which Swift has no word.
        .systemLibrary(name: "CPrefetch"),
        // The processor's instruction for CRC-32C, for which it has none either.
        .systemLibrary(name: "CChecksum"),
        // The settings of the C library's allocator, which its Swift module leaves out.
        .systemLibrary(name: "CAllocator"),

        // Words of the house.
        room("Bytes", ["CChecksum", "CPrefetch"]),
        room("Identifiers", ["Bytes"]),
        room("Locks"),

        // Faces of the system libraries.
        room("LMDB", ["CLMDB"]),
        room("HTTP2", ["CNghttp2"]),
        room("OpenSSL", ["COpenSSL", "Locks"]),

        // Syntax: bytes to values and back.
        // Lifetimes: its scanner may not outlive the bytes that it reads.
        .target(name: "JSON", swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")]),
        room("FHIR", ["JSON"], resources: [.embedInCode("XML/elements.txt")]),
        room("HL7v2"),

        // Pure: persons, scores, decisions.
        room("Demographics", ["Identifiers", "Bytes"]),
        room("Lookup", ["Demographics", "Identifiers", "Bytes"]),
        room("Matching", ["Demographics", "Identifiers", "Bytes"], exclude: design),
        room("Identity", ["Demographics", "Identifiers", "Bytes"], exclude: design),
        room(
            "RuleSets",
            ["Matching", "Identity", "Identifiers", "JSON", yams],
            resources: [.embedInCode("default.yaml")]
        ),
        room("Charts"),
        room("Training", ["RuleSets", "Matching", "Demographics", "Identifiers"], exclude: design),
        room("Topology", ["Identifiers", "Locks"]),
        room("Authorities", [yams]),
        room("Access", ["OpenSSL", "JSON", yams]),
        room("ShardProtocol", ["Identifiers", "Bytes"]),
        room("PatientMapping", ["Authorities", "FHIR", "JSON", "Demographics", "Identifiers"]),
        room("PatientSearch", ["Authorities", "Lookup", "FHIR", "Demographics"]),
        room(
            "HL7Mapping",
            ["HL7v2", "FHIR", "Authorities", "PatientMapping", "Demographics", "Identifiers"]
        ),

        // Stores and wires.
        room(
            "ShardStore",
            ["LMDB", "OpenSSL", "Matching", "ShardProtocol", "Identifiers", "Bytes", "Locks"],
            exclude: design
        ),
        room("Telemetry", ["Locks", logging]),
        room("Audit", ["OpenSSL", "FHIR", "JSON", "Locks"]),
        room("Transport", ["HTTP2", "OpenSSL", nioCore, nioPosix, nioHTTP1, nioConcurrency, logging]),
        room("RecordFiles", ["CZlib", "FHIR", "JSON", "PatientMapping", "Demographics", "Identifiers"]),

        // Services.
        room(
            "Coordinator",
            [
                "Training", "RuleSets", "Lookup", "Demographics", "Matching", "Identity", "Topology", "ShardProtocol",
                "Identifiers", "Bytes", "Locks",
            ],
            exclude: design
        ),
        room("Backups", ["Coordinator", "OpenSSL", "JSON", "Identifiers", "Bytes", "Locks"], exclude: design),
        room("Etcd", ["Transport", "Bytes", "Locks"]),
        room("ControlPlane", ["Etcd", "Topology", "Identifiers", "Locks", logging], exclude: design),
        room("Replication", ["Topology", "ShardProtocol", "Identifiers", "Locks"], exclude: design),
        room(
            "ShardService",
            ["ShardStore", "ShardProtocol", "Transport", "Telemetry", "Identifiers", "Locks", nioCore, logging]
        ),
        room(
            "BatchLinkage",
            ["Training", "RuleSets", "RecordFiles", "Matching", "Identity", "Demographics", "Identifiers", "Bytes"]
        ),
        room("LoadTest", ["Charts", "RecordFiles", "Demographics", "Identifiers", "Locks"]),
        room(
            "Entrance",
            [
                "Access", "Audit", "Coordinator", "Transport", "Matching", "Identity", "JSON", "Demographics",
                "Identifiers", "Locks",
            ]
        ),
        room(
            "Gateway",
            [
                "Access", "Audit", "Entrance",
                "Coordinator", "Authorities", "FHIR", "JSON", "PatientMapping", "Transport", "Telemetry", "Matching",
                "Identity", "Charts", "Demographics", "Identifiers", "Bytes", "ShardProtocol", "PatientSearch",
                "Lookup", "Locks", "Topology", "RecordFiles", logging,
            ]
        ),

        room(
            "HL7Door",
            [
                "Access", "Audit", "Entrance",
                "Coordinator", "HL7Mapping", "HL7v2", "FHIR", "Authorities", "PatientMapping", "Transport", "Telemetry",
                "Identity", "Lookup", "JSON", "Demographics", "Identifiers", "Bytes", "Locks", logging,
            ]
        ),

        // The program.
        .executableTarget(
            name: "tessera",
            dependencies: [
                "Access", "Audit", "Entrance", "OpenSSL", "Authorities", "Gateway", "HL7Door", "Coordinator",
                "Backups", "ControlPlane", "Etcd", "Replication", "ShardService", "ShardStore",
                "ShardProtocol",
                "Topology",
                "BatchLinkage", "Training", "LoadTest", "RecordFiles", "RuleSets", "Matching", "Identity",
                "PatientMapping", "FHIR",
                "JSON", "Transport", "Telemetry", "Demographics", "Identifiers", "Bytes", "Locks", arguments, lifecycle,
                "Charts", "CAllocator", unixSignals,
                yams, logging, nioCore, nioPosix,
            ],
            swiftSettings: settings
        ),

        // A whole cluster in one thread, and the program that runs it seed by seed.
        .target(
            name: "SimulationKit",
            dependencies: [
                "Coordinator", "Replication", "ShardStore", "ShardProtocol", "Topology", "Matching", "Identity",
                "Demographics", "Identifiers", "Bytes", "Locks",
            ],
            path: "Tests/SimulationKit",
            swiftSettings: settings
        ),
        .executableTarget(
            name: "simulate",
            dependencies: ["SimulationKit", "Coordinator", "Replication", "RuleSets", "Matching", arguments],
            path: "Tests/simulate",
            exclude: ["RESULTS.md"],
            swiftSettings: settings
        ),

        .target(name: "TestRandom", path: "Tests/TestRandom", swiftSettings: settings),
        tests("Bytes"),
        tests("Identifiers"),
        tests("Locks"),
        tests("JSON", [random]),
        tests("LMDB"),
        tests("HTTP2"),
        tests("OpenSSL"),
        tests("FHIR", ["JSON"]),
        tests("HL7v2", [random]),
        tests("Demographics", ["Identifiers", "Bytes"]),
        tests("PatientSearch", ["Authorities", "FHIR", "Lookup"]),
        tests("Lookup", ["Demographics", "Identifiers"]),
        tests("Matching", ["Demographics", "Identifiers", "Bytes", "RuleSets", random]),
        tests("RuleSets", ["Matching", "Demographics", "Identifiers", "JSON"]),
        tests("Identity", ["Demographics", "Identifiers", "Bytes", random]),
        tests("Charts"),
        tests("Training", ["RuleSets", "Matching", "Demographics", "Identifiers"]),
        tests(
            "BatchLinkage",
            ["Training", "RuleSets", "Matching", "Identity", "Demographics", "Identifiers", "RecordFiles"]
        ),
        tests("Replication", ["ShardProtocol", "Topology", "Identifiers", "Locks", "SimulationKit"]),
        tests("Topology", ["Identifiers", random]),
        tests("Etcd", ["Transport", random, nioCore, nioPosix]),
        tests("ControlPlane", ["Etcd", "Topology", "Transport", "Identifiers", "Locks", nioPosix]),
        tests("Authorities"),
        tests("Access", ["OpenSSL", "JSON"]),
        tests("Audit", ["OpenSSL", "JSON", random]),
        tests("Entrance", ["Access", "OpenSSL", "Transport"]),
        tests("ShardProtocol", ["Identifiers", "SimulationKit"]),
        tests("PatientMapping", ["Authorities", "FHIR", "Demographics", "Identifiers", random]),
        tests("RecordFiles", ["CZlib", "PatientMapping", "Demographics", "Identifiers", random]),
        tests("Telemetry", [logging]),
        tests("Transport", [logging, nioCore, nioPosix]),
        tests(
            "ShardStore",
            ["ShardService", "ShardProtocol", "SimulationKit", "LMDB", "Matching", "Identifiers", "Bytes"]
        ),
        tests(
            "ShardService",
            ["ShardStore", "ShardProtocol", "Transport", "Identifiers", logging, nioCore, nioPosix]
        ),
        tests(
            "Coordinator",
            [
                "SimulationKit", "RuleSets", "Matching", "Identity", "ShardProtocol", "Topology", "Demographics",
                "Identifiers", "Locks",
            ]
        ),
        tests(
            "Gateway",
            [
                "Access", "Audit", "Entrance", "Charts", "Coordinator", "Identity", "JSON", "ShardProtocol",
                "Telemetry", "Transport", "Demographics",
                "Lookup", "Locks", "Identifiers", "Matching", random, nioCore, nioPosix,
            ]
        ),
        tests("Backups", ["Coordinator", "Identifiers"]),
        tests("HL7Mapping", ["HL7v2", "FHIR", "Authorities", "PatientMapping"]),
        tests(
            "HL7Door",
            [
                "Coordinator", "Demographics", "HL7v2", "HL7Mapping", "Authorities", "SimulationKit", "RuleSets",
                "Telemetry",
                "Transport",
                "ShardProtocol", "Topology", "PatientMapping", "FHIR", "Identifiers",
            ]
        ),
        tests("LoadTest", ["Demographics", "Identifiers", "Locks"]),
        tests(
            "tessera",
            [
                "ControlPlane", "Coordinator", "Demographics", "Gateway", "Identifiers", "Identity", "JSON", "LoadTest",
                "Locks", "PatientMapping", "RecordFiles", "RuleSets", "ShardService", "ShardStore", "Topology",
                "Transport", "Access", "Entrance", logging,
                arguments, nioCore, nioPosix,
            ]
        ),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["SimulationKit", "Coordinator", "Replication", "RuleSets"],
            swiftSettings: settings
        ),
        .testTarget(name: "TidyTests", swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
