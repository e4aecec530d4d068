// swift-tools-version: 6.2
import PackageDescription

// Benchmarks are a package of their own, so that a build of the program never waits for them.

/// Rooms of the house that the kernels measure.
let rooms = [
    "Bytes", "Demographics", "FHIR", "Identifiers", "Identity", "JSON", "LoadTest", "Matching", "PatientMapping",
    "RuleSets", "ShardProtocol", "ShardStore",
]

let package = Package(
    name: "benchmarks",
    dependencies: [.package(name: "tessera", path: "..")],
    targets: [
        .executableTarget(
            name: "kernels",
            dependencies: rooms.map { .product(name: $0, package: "tessera") },
            path: "Kernels",
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
