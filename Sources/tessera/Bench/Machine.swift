internal import Foundation

/// What a program runs on, in one line: figures mean nothing without it.
enum Machine {
    /// Processors and their model, memory, and how busy they were.
    static var description: String {
        let information = ProcessInfo.processInfo
        let model = text("/proc/cpuinfo").split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":", maxSplits: 1).last }
            .map { $0.trimmingCharacters(in: .whitespaces) }
        let load = text("/proc/loadavg").split(separator: " ").first.map { ", load \($0)" } ?? ""
        let memory = Quantity.bytes(Int(clamping: information.physicalMemory))
        return "\(information.activeProcessorCount) x \(model ?? "processor"), \(memory)\(load)"
    }

    private static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
}
