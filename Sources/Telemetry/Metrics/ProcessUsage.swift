internal import Glibc

/// What this process has used of the machine since it began, as the kernel counts it.
public struct ProcessUsage: Sendable, Equatable {
    /// Processor time of all threads in programs, in microseconds.
    public var userMicroseconds: UInt64 = 0
    /// Processor time in the kernel, in microseconds.
    public var systemMicroseconds: UInt64 = 0
    /// Page faults that needed no disk.
    public var minorFaults: UInt64 = 0
    /// Page faults that read a disk.
    public var majorFaults: UInt64 = 0
    /// Times that a thread waited for something.
    public var waits: UInt64 = 0
    /// Bytes read by system calls, of files and connections.
    public var readBytes: UInt64 = 0
    /// Bytes written by system calls, to files and connections.
    public var writtenBytes: UInt64 = 0
    /// Bytes that were sent towards a disk, mapped files among them.
    public var diskBytes: UInt64 = 0

    /// Nothing yet.
    public init() {}

    /// Reads what the kernel says now; what it does not say stays 0.
    public static var current: ProcessUsage {
        var usage = ProcessUsage()
        var numbers = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &numbers) == 0 {
            usage.userMicroseconds = microseconds(numbers.ru_utime)
            usage.systemMicroseconds = microseconds(numbers.ru_stime)
            usage.minorFaults = UInt64(clamping: numbers.ru_minflt)
            usage.majorFaults = UInt64(clamping: numbers.ru_majflt)
            usage.waits = UInt64(clamping: numbers.ru_nvcsw)
        }
        let lines = input("/proc/self/io")
        usage.readBytes = lines["rchar"] ?? 0
        usage.writtenBytes = lines["wchar"] ?? 0
        usage.diskBytes = lines["write_bytes"] ?? 0
        return usage
    }

    /// The numbers in Prometheus' text format, under the names that its own clients use where they have one.
    public var prometheusText: String {
        let cpu = Double(userMicroseconds + systemMicroseconds) / 1e6
        let counts: [(name: String, help: String, value: UInt64)] = [
            ("process_minor_page_faults_total", "Page faults that needed no disk.", minorFaults),
            ("process_major_page_faults_total", "Page faults that read a disk.", majorFaults),
            ("process_waits_total", "Times that a thread waited for something.", waits),
            ("process_read_bytes_total", "Bytes read by system calls.", readBytes),
            ("process_written_bytes_total", "Bytes written by system calls.", writtenBytes),
            ("process_disk_written_bytes_total", "Bytes sent towards a disk.", diskBytes),
        ]
        var text = "# HELP process_cpu_seconds_total Processor time of all threads.\n"
        text += "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total \(cpu)\n"
        for count in counts {
            text += "# HELP \(count.name) \(count.help)\n# TYPE \(count.name) counter\n\(count.name) \(count.value)\n"
        }
        return text
    }

    private static func microseconds(_ time: timeval) -> UInt64 {
        UInt64(clamping: time.tv_sec) * 1_000_000 + UInt64(clamping: time.tv_usec)
    }

    /// Lines `name: number` of a small file of the kernel.
    private static func input(_ path: String) -> [String: UInt64] {
        guard let file = fopen(path, "r") else { return [:] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&bytes, 1, bytes.count, file)
        var numbers: [String: UInt64] = [:]
        for line in String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":")
            guard parts.count == 2 else { continue }
            numbers[String(parts[0])] = UInt64(parts[1].drop { $0 == " " })
        }
        return numbers
    }
}
