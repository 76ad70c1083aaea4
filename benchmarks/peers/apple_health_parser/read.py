"""Read an Apple Health export with apple-health-parser: its records of the kinds named."""

import sys

from apple_health_parser.utils.parser import Parser

path, folder, *kinds = sys.argv[1:]
flags = ["HKQuantityTypeIdentifier" + kind for kind in kinds]
records = Parser(path, output_dir=folder, overwrite=True).get_flag_records(flags)
print({flag: len(parsed.records) for flag, parsed in records.items()})
