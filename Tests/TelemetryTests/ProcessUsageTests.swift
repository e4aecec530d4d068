import Foundation
import Telemetry
import Testing

@Suite("What a process uses")
struct ProcessUsageTests {
    @Test("The numbers grow with what is done")
    func growing() throws {
        let before = ProcessUsage.current
        var sum: UInt64 = 0
        while ProcessUsage.current.userMicroseconds < before.userMicroseconds + 20_000 { sum &+= 1 }
        let path = FileManager.default.temporaryDirectory.appending(path: "usage-\(UUID())")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(repeating: 7, count: 1 << 20).write(to: path)
        let after = ProcessUsage.current
        #expect(after.userMicroseconds >= before.userMicroseconds + 20_000)
        #expect(after.writtenBytes >= before.writtenBytes + 1 << 20)
        #expect(after.minorFaults >= before.minorFaults)
        #expect(sum > 0)
    }

    @Test("Prometheus is told each number once, with its kind")
    func text() {
        var usage = ProcessUsage()
        usage.userMicroseconds = 1_250_000
        usage.systemMicroseconds = 250_000
        usage.diskBytes = 9
        let text = usage.prometheusText
        #expect(text.contains("\nprocess_cpu_seconds_total 1.5\n"))
        #expect(text.contains("\nprocess_disk_written_bytes_total 9\n"))
        #expect(text.matches(of: #/(?m)^# TYPE \w+ counter$/#).count == 7)
    }
}
