/** Lines of code that write files, and lines beside them that do not. */
import { describe, expect, test } from 'vitest';
import { SOURCE_WRITES } from '../src/knowledge/source-writes.ts';

const writes = (file: string, line: string): boolean =>
  SOURCE_WRITES.some(({ files, pattern }) => files.test(file) && line.match(pattern) !== null);

describe('what a program writes', () => {
  test.each([
    ['main.go', 'err := c.SaveUploadedFile(file, "uploads/"+file.Filename)'],
    ['main.go', 'db, err := buntdb.Open("data.db")'],
    ['main.go', 'client, err := ent.Open("sqlite3", "file:ent.db")'],
    ['Store.java', 'DriverManager.getConnection("jdbc:sqlite:guests.db")'],
    ['Store.kt', 'Database.connect("jdbc:h2:./build/db")'],
    ['Store.cs', 'using var connection = new SqliteConnection("Data Source=guests.db");'],
    ['store.rs', 'let base = Connection::open("guests.db")?;'],
    ['store.rb', 'store = PStore.new("guests.pstore")'],
    ['store.rb', 'DB = Sequel.connect("sqlite://guests.db")'],
    ['settings.py', "'filename': 'logs/app.log',"],
  ])('%s: %s', (file, line) => {
    expect(writes(file, line)).toBe(true);
  });

  test.each([
    ['main.go', 'db, err := buntdb.Open(":memory:")'],
    ['Store.java', 'DriverManager.getConnection("jdbc:h2:mem:test")'],
    ['Store.cs', 'using var connection = new SqliteConnection("Data Source=:memory:");'],
    ['store.rb', 'DB = Sequel.connect(ENV.fetch("DATABASE_URL"))'],
    ['routes.py', "@main.route('/', defaults={'year': None, 'filename': None})"],
  ])('not %s: %s', (file, line) => {
    expect(writes(file, line)).toBe(false);
  });
});
