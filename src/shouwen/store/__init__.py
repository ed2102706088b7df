"""Tables of cases: their events and the rows beside them. Only `casework` may import this package."""
