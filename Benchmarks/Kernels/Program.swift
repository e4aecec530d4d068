import Glibc

/// Measures the kernels that are named, or all.
///
///     kernels [NAME ...] [--json]
///     kernels --list
///     kernels --bare N NAME    N rounds and nothing else, for a profiler
@main
enum Program {
    /// Every kernel, in the order in which a record meets them.
    static let kernels =
        HashKernels.all + DecodeKernels.all + KeyKernels.all + TextKernels.all + ScoreKernels.all
        + IdentityKernels.all + MessageKernels.all + LogKernels.all + StoreKernels.all

    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            fail("\(error)")
        }
    }

    private static func run(_ arguments: [String]) throws {
        var names: [String] = []
        var isJSON = false
        var bare: Int?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--json": isJSON = true
            case "--list":
                for kernel in kernels { print(kernel.name, kernel.items, kernel.item) }
                return
            case "--bare":
                guard let text = rest.popFirst(), let rounds = Int(text), rounds > 0 else {
                    fail("--bare takes a number of rounds")
                }
                bare = rounds
            default:
                guard kernels.contains(where: { $0.name == argument }) else {
                    fail("no kernel '\(argument)'; --list names them")
                }
                names.append(argument)
            }
        }
        let chosen = names.isEmpty ? kernels : kernels.filter { names.contains($0.name) }
        if let bare { return try runBare(chosen, rounds: bare) }
        let report = Report(isJSON: isJSON)
        report.begin()
        for kernel in chosen { report.add(try Measurement(of: kernel)) }
    }

    private static func runBare(_ chosen: [Kernel], rounds: Int) throws {
        for kernel in chosen {
            let round = try kernel.prepare()
            for _ in 0..<rounds { Sink.take(try round()) }
        }
    }

    private static func fail(_ reason: String) -> Never {
        // The C streams are mutable globals, which Swift 6 does not let anybody name.
        let line = Array("kernels: \(reason)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(64)
    }
}
