"""`python -m shouwen.cli` is the command `shouwen`."""

import sys

from shouwen.cli.main import main

sys.exit(main())
