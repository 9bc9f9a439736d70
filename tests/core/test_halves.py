from __future__ import annotations

import os
import signal
import threading

import pytest

from endonym.core.halves import in_halves

HERE = os.getpid()
MANY = list(range(1_001))


def test_results_come_in_the_order_of_the_items_and_from_two_processes() -> None:
    done = in_halves(lambda number: (number * number, os.getpid()), MANY)
    assert [result for result, _ in done] == [number * number for number in MANY]
    assert len({process for _, process in done}) == min(2, os.cpu_count() or 1)


def test_few_items_and_processes_with_threads_stay_in_one_process() -> None:
    assert {*in_halves(lambda _: os.getpid(), MANY[:20])} == {HERE}
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    assert {*in_halves(lambda _: os.getpid(), MANY)} == {HERE}
    over.set()
    thread.join()


def test_work_of_a_fork_that_is_killed_is_done_again() -> None:
    def work(number: int) -> int:
        if os.getpid() != HERE and number > 900:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert in_halves(work, MANY) == MANY


def test_what_the_work_raises_in_a_fork_is_raised_here() -> None:
    def work(number: int) -> int:
        if number == 900:
            raise ValueError(number)
        return number

    with pytest.raises(ValueError, match="900"):
        in_halves(work, MANY)
