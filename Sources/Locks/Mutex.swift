internal import Glibc

/// A value behind a lock.
///
///     let state = Mutex(State())
///     let next = state.withLock { state in state.take() }
///
/// It is used as the standard library's `Mutex` is, and stands in its place for one reason: on Linux that one is a
/// futex inside a library that ThreadSanitizer does not see, so that every guarded access is reported as a race and
/// the real races drown. The system's mutex is seen. Where nobody waits it costs about the same, and two allocations
/// when it is made. A file that needs atomics of `Synchronization` too imports `struct Locks.Mutex` by name.
public struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {  // the value is touched under the lock alone
    /// The system keeps the address of its mutex: it is allocated, and never moved.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    /// Puts a value behind a lock.
    public init(_ value: consuming sending Value) {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        let status = pthread_mutex_init(mutex, nil)
        precondition(status == 0, "a mutex without attributes is always made")
        self.value = .allocate(capacity: 1)
        self.value.initialize(to: value)
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deinitialize(count: 1)
        mutex.deallocate()
    }

    /// Runs a body that alone may touch the value; never one inside another.
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value.pointee)
    }
}
