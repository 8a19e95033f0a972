"""`python -m benchmarks.driver`: orders come as JSON lines, and each is answered by one."""

from benchmarks.driver.orders import main

if __name__ == "__main__":
    main()
