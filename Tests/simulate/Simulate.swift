import ArgumentParser
import Coordinator
import Matching
import Replication
import RuleSets
import SimulationKit

/// Runs simulated clusters, a history a seed, and tells which seeds break an invariant.
@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run whole clusters under one seed each: crashes, delays, lost and repeated messages, torn writes."
    )

    @Option(help: "The first seed.")
    var seed: UInt64 = 1

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 1

    @Option(help: "The shards' stores: twin (dictionaries) or store (the real store on a simulated disk).")
    var stores: String = "store"

    @Option(help: "A fault to plant; the run fails unless some seed notices it.")
    var planted: String?

    @Option(help: "Copies of each shard.")
    var replicas: Int = 1

    @Flag(help: "Tell every seed, not only those that fail.")
    var verbose = false

    /// The one fault that lies in a shard's disk and not in the coordinator: the log is not synced.
    private static let skipSync = "skipSync"

    func validate() throws {
        if !["twin", "store"].contains(stores) { throw ValidationError("--stores is twin or store") }
        if let planted, planted != Self.skipSync, PlantedFault(rawValue: planted) == nil,
            ReplicationFault(rawValue: planted) == nil
        {
            let faults = PlantedFault.allCases.map(\.rawValue) + ReplicationFault.allCases.map(\.rawValue)
            let known = (faults + [Self.skipSync]).joined(separator: ", ")
            throw ValidationError("--planted is one of \(known)")
        }
        if !(1...5).contains(replicas) { throw ValidationError("--replicas takes 1 to 5") }
        if replicas == 1, planted.flatMap({ ReplicationFault(rawValue: $0) }) != nil {
            throw ValidationError("--planted \(planted ?? "") needs --replicas 2 or more")
        }
        if planted == Self.skipSync, stores == "twin" {
            throw ValidationError("a twin has no disk: --planted \(Self.skipSync) needs --stores store")
        }
    }

    func run() throws {
        let rules = try RuleSetFile.standardRules()
        let faults = Set([planted.flatMap { PlantedFault(rawValue: $0) }].compactMap { $0 })
        var failing: [UInt64] = []
        for seed in seed..<(seed + seeds) {
            let report = simulate(seed, rules, faults)
            if !report.violations.isEmpty { failing.append(seed) }
            if verbose || (!report.violations.isEmpty && planted == nil) { tell(report) }
            if planted != nil, let first = report.violations.first {
                print("planted \(planted ?? ""): seed \(seed) notices: \(first.prefix(300))")
                return
            }
        }
        guard planted == nil else {
            print("planted \(planted ?? ""): no seed of \(seeds) noticed it")
            throw ExitCode.failure
        }
        print("\(seeds - UInt64(failing.count)) passed, \(failing.count) failed")
        if !failing.isEmpty { throw ExitCode.failure }
    }

    private func simulate(_ seed: UInt64, _ rules: RuleSet, _ faults: Set<PlantedFault>) -> ClusterSimulation.Report {
        let skipSync = planted == Self.skipSync
        let inGroups = Set([planted.flatMap { ReplicationFault(rawValue: $0) }].compactMap { $0 })
        let options = replicas > 1 ? SimulationOptions(seed: seed, replicas: replicas) : nil
        let simulation =
            stores == "twin"
            ? ClusterSimulation(seed: seed, rules: rules, options: options, planted: faults, plantedInGroups: inGroups)
            : ClusterSimulation(
                seed: seed,
                rules: rules,
                options: options,
                planted: faults,
                plantedInGroups: inGroups
            ) { _, seed in
                StoreNode(seed: seed, meanOperationsToFault: seed % 3 == 0 ? 400 : nil, skipSync: skipSync)
            }
        return simulation.run()
    }

    private func tell(_ report: ClusterSimulation.Report) {
        print(
            "seed=\(report.seed) promised=\(report.promised) crashes=\(report.crashes) steps=\(report.steps)",
            report.violations.isEmpty ? "ok" : "FAILED"
        )
        guard !report.violations.isEmpty else { return }
        print("    world: \(report.options)")
        for violation in report.violations.prefix(5) { print("    \(violation.prefix(600))") }
        print(
            "    repeat: swift run -c release simulate --stores \(stores) --replicas \(replicas) --seed \(report.seed) --verbose"
        )
    }
}
