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

    @Flag(help: "Tell what happens in each seed, line by line.")
    var story = false

    @Flag(help: "Tell every seed, not only those that fail.")
    var verbose = false

    /// A planted fault by its name, of whichever kind it is.
    private struct Planted {
        var inCoordinators: Set<PlantedFault> = []
        var inGroups: Set<ReplicationFault> = []
        var inStores: Set<StoreFault> = []

        init() {}

        init?(_ name: String?) {
            guard let name else { return }
            if let fault = PlantedFault(rawValue: name) {
                inCoordinators = [fault]
            } else if let fault = ReplicationFault(rawValue: name) {
                inGroups = [fault]
            } else if let fault = StoreFault(rawValue: name) {
                inStores = [fault]
            } else {
                return nil
            }
        }

        static var names: [String] {
            PlantedFault.allCases.map(\.rawValue) + ReplicationFault.allCases.map(\.rawValue)
                + StoreFault.allCases.map(\.rawValue)
        }
    }

    /// Jobs after which a world counts as stuck; those that come to their end need some hundred thousand.
    private static let stepLimit = 2_000_000

    func validate() throws {
        if !["twin", "store"].contains(stores) { throw ValidationError("--stores is twin or store") }
        if !(1...5).contains(replicas) { throw ValidationError("--replicas takes 1 to 5") }
        guard let faults = Planted(planted) else {
            throw ValidationError("--planted is one of \(Planted.names.joined(separator: ", "))")
        }
        if replicas == 1, !faults.inGroups.isEmpty {
            throw ValidationError("--planted \(planted ?? "") needs --replicas 2 or more")
        }
        for fault in faults.inStores where fault.needsDisk != (stores == "store") {
            throw ValidationError("--planted \(fault) needs --stores \(fault.needsDisk ? "store" : "twin")")
        }
    }

    func run() throws {
        let rules = try RuleSetFile.standardRules()
        var failing: [UInt64] = []
        for seed in seed..<(seed + seeds) {
            let report = simulate(seed, rules)
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

    private func simulate(_ seed: UInt64, _ rules: RuleSet) -> ClusterSimulation.Report {
        let isTold = story
        let faults = Planted(planted) ?? Planted()
        let (stores, inStores) = (stores, faults.inStores)
        let simulation = ClusterSimulation(
            seed: seed,
            rules: rules,
            options: replicas > 1 ? SimulationOptions(seed: seed, replicas: replicas) : nil,
            planted: faults.inCoordinators,
            plantedInGroups: faults.inGroups,
            makeNode: { _, seed in
                guard stores == "store" else { return TwinNode(planted: inStores) }
                return StoreNode(
                    seed: seed,
                    meanOperationsToFault: seed % 3 == 0 ? 400 : nil,
                    skipSync: inStores.contains(.skipSync)
                )
            },
            story: { if isTold { print($0) } }
        )
        return simulation.run(stepLimit: Self.stepLimit)
    }

    private func tell(_ report: ClusterSimulation.Report) {
        print(
            "seed=\(report.seed) promised=\(report.promised) unsearched=\(report.unsearched) crashes=\(report.crashes)",
            "steps=\(report.steps)",
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
