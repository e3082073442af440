"""The store of a registry that is stopped, made what an earlier program could leave, or damaged: with LMDB itself, through
ctypes, and its records with make-earlier-store.

    make_earlier(registry)
    with OldStore(registry) as store:
        store.make_schema_2()
        store.fill()
"""
import ctypes
import itertools
import struct
import subprocess

from harness import BUILD

NOSUBDIR, NOSYNC, CREATE, NOLOCK = 0x4000, 0x10000, 0x40000, 0x400000
MAP_FULL = -30792
TABLES = 32
VALUE = b'x' * 2000


def make_earlier(registry):
    """A store of schema 3, with what this one holds."""
    subprocess.run([BUILD / 'tests' / 'unit' / 'make-earlier-store', registry.directory / 'consentd.conf'], check=True)


class Value(ctypes.Structure):
    _fields_ = [('size', ctypes.c_size_t), ('data', ctypes.c_char_p)]

    def __init__(self, data):
        super().__init__(len(data), data)

    def address(self):
        """Where the data are, which may hold NUL."""
        return ctypes.c_void_p.from_buffer(self, Value.data.offset).value


class OldStore:
    def __init__(self, registry):
        self.path = registry.directory / 'data' / 'consentd.mdb'
        self.lmdb = ctypes.CDLL('liblmdb.so.0')
        self.environment = ctypes.c_void_p()
        self.keys = itertools.count()

    def call(self, name, *arguments):
        result = getattr(self.lmdb, f'mdb_{name}')(*arguments)
        if result not in (0, MAP_FULL):
            raise AssertionError(f'mdb_{name}: {result}')
        return result == 0

    def __enter__(self):
        self.call('env_create', ctypes.byref(self.environment))
        self.call('env_set_maxdbs', self.environment, ctypes.c_uint(TABLES))
        self.call('env_set_mapsize', self.environment, ctypes.c_size_t(self.path.stat().st_size))
        self.call('env_open', self.environment, bytes(self.path), ctypes.c_uint(NOSUBDIR | NOSYNC | NOLOCK),
                  ctypes.c_uint(0o600))
        return self

    def __exit__(self, *_):
        self.lmdb.mdb_env_close(self.environment)

    def commit(self, work):
        """Whether there was room for what `work` did in the transaction."""
        transaction = ctypes.c_void_p()
        self.call('txn_begin', self.environment, None, ctypes.c_uint(0), ctypes.byref(transaction))
        if work(transaction):
            return self.call('txn_commit', transaction)
        self.lmdb.mdb_txn_abort(transaction)
        return False

    def table(self, transaction, name, flags=0):
        table = ctypes.c_uint()
        self.call('dbi_open', transaction, name.encode(), ctypes.c_uint(flags), ctypes.byref(table))
        return table

    def put(self, transaction, table, key, value):
        return self.call('put', transaction, table, ctypes.byref(Value(key)), ctypes.byref(Value(value)),
                         ctypes.c_uint(0))

    def make_schema_2(self):
        """As schema 3, without what that brought, and with what it has no use for."""
        def work(transaction):
            self.call('drop', transaction, self.table(transaction, 'counted'), ctypes.c_int(1))
            self.table(transaction, 'party', CREATE)
            meta = self.table(transaction, 'meta')
            self.lmdb.mdb_del(transaction, meta, ctypes.byref(Value(b'shares')), None)  # where it has one
            return self.put(transaction, meta, b'schema', struct.pack('>I', 2))
        if not self.commit(work):
            raise AssertionError('no room')

    def cut_log(self, first):
        """Removes the lines of the log from number `first` on."""
        def work(transaction):
            table, number = self.table(transaction, 'audit'), first
            while self.lmdb.mdb_del(transaction, table, ctypes.byref(Value(struct.pack('>Q', number))), None) == 0:
                number += 1
            return number > first
        if not self.commit(work):
            raise AssertionError('no such line')

    def remove_line(self, number):
        def work(transaction):
            key = ctypes.byref(Value(struct.pack('>Q', number)))
            return self.lmdb.mdb_del(transaction, self.table(transaction, 'audit'), key, None) == 0
        if not self.commit(work):
            raise AssertionError('no such line')

    def damage_subject(self, pseudonym):
        self.flip('subject', pseudonym)

    def damage_line(self, number):
        self.flip('audit', struct.pack('>Q', number))

    def flip(self, table, key):
        """One bit of what is sealed in this record."""
        def work(transaction):
            opened, found = self.table(transaction, table), Value(b'')
            self.call('get', transaction, opened, ctypes.byref(Value(key)), ctypes.byref(found))
            content = ctypes.string_at(found.address(), found.size)
            return self.put(transaction, opened, key, content[:-1] + bytes([content[-1] ^ 1]))
        if not self.commit(work):
            raise AssertionError('no room')

    def damage_event(self, party, number):
        key = party.encode() + b'\0' + struct.pack('>Q', number)
        if not self.commit(lambda transaction: self.put(transaction, self.table(transaction, 'event'), key, b'?')):
            raise AssertionError('no room')

    def fill(self):
        """To the last page, with events of a party that there is not."""
        for size in (256, 16, 1):
            failures = 0  # what one leaves, the next may still use
            while failures < 10:
                failures = 0 if self.commit(lambda transaction: self.put_events(transaction, size)) else failures + 1

    def put_events(self, transaction, count):
        table = self.table(transaction, 'event')
        return all(self.put(transaction, table, b'~\0' + struct.pack('>Q', next(self.keys)), VALUE)
                   for _ in range(count))
